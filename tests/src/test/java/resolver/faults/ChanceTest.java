package resolver.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.faults.Chance.Of;

class ChanceTest {
  private static final int MANY = 20_000;

  @Test
  void aQuestionHasTheSameFateWheneverItIsAsked() {
    Chance one = new Chance(7);
    Chance other = new Chance(7);
    other.next(3);
    other.next(4);

    assertThat(draws(one, 5)).isEqualTo(draws(other, 5)).isNotEqualTo(draws(new Chance(8), 5));
  }

  @Test
  void eachTimeIsAnotherAndForgettingBeginsAnew() {
    Chance chance = new Chance(7);
    List<Double> first = draws(chance, 5);

    assertThat(draws(chance, 5)).doesNotContainAnyElementsOf(first);
    chance.forget();
    assertThat(draws(chance, 5)).isEqualTo(first);
  }

  @Test
  void sharesAreKept() {
    Chance chance = new Chance(7);
    int lost = 0;
    int both = 0;
    for (int i = 0; i < MANY; i++) {
      Chance.Fate fate = chance.next(i);
      boolean query = fate.draw(Of.LOSS_OF_QUERY) < 0.3;
      lost += query ? 1 : 0;
      both += query && fate.draw(Of.LOSS_OF_REPLY) < 0.3 ? 1 : 0;
    }
    assertThat(lost / (double) MANY).isEqualTo(0.3, within(0.01));
    assertThat(both / (double) MANY).isEqualTo(0.09, within(0.01));
  }

  private static List<Double> draws(Chance chance, long question) {
    List<Double> drawn = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      drawn.add(chance.next(question).draw(Of.LOSS_OF_QUERY));
    }
    return drawn;
  }
}
