package resolver.selection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrderTest {
  @Test
  void aSetIsOrderedAsItIsListed() {
    long order = Order.asListed(0b1010_0100);
    assertThat(Order.at(order, 0)).isEqualTo(2);
    assertThat(Order.at(order, 1)).isEqualTo(5);
    assertThat(Order.at(order, 2)).isEqualTo(7);
  }

  @Test
  void asManyServersFitAsItSays() {
    long order = Order.asListed(0xffff);
    for (int i = 0; i < Order.MOST; i++) {
      assertThat(Order.at(order, i)).isEqualTo(i);
    }
    assertThat(Order.followedBy(order, Order.MOST, 0)).isEqualTo(order);
  }

  @Test
  void whatFollowsStandsBehind() {
    long order = Order.followedBy(Order.asListed(0b110), 2, 0b1001);
    assertThat(Order.at(order, 1)).isEqualTo(2);
    assertThat(Order.at(order, 2)).isEqualTo(0);
    assertThat(Order.at(order, 3)).isEqualTo(3);
  }
}
