package resolver.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is asked next for one question. */
class TriesTest {
  private static final int NOBODY = ServerGroup.NOBODY;

  @Test
  void rfc9520Section31everyServerIsTriedThreeTimesAtMost() {
    Tries tries = new Tries(group(2), 0);
    List<Integer> taken = new ArrayList<>();
    for (int server = tries.next(); server != NOBODY; server = tries.next()) {
      taken.add(server);
    }
    assertThat(taken).isEqualTo(List.of(0, 1, 0, 1, 0, 1));
  }

  @Test
  void theThirdTryIsForAStream() {
    Tries tries = new Tries(group(1), 0);
    tries.next();
    tries.next();
    assertThat(tries.isForStream(0)).isFalse();
    tries.next();
    assertThat(tries.isForStream(0)).isTrue();
  }

  @Test
  void whoIsLeftOutIsTriedNoMore() {
    Tries tries = new Tries(group(3), 0);
    tries.next();
    tries.leaveOut(0);
    tries.leaveOut(1);
    assertThat(tries.next()).isEqualTo(2);
    assertThat(tries.next()).isEqualTo(2);
    tries.leaveOut(2);
    assertThat(tries.next()).isEqualTo(NOBODY);
  }

  @Test
  void whoIsSetBackIsTriedOnceMoreWhenNobodyElseIsLeft() {
    Tries tries = new Tries(group(3), 0);
    tries.next();
    tries.setBack(0);
    tries.next();
    tries.leaveOut(1);
    tries.next();
    tries.setBack(2);
    assertThat(tries.cameBack(0)).isFalse();
    assertThat(tries.next()).isEqualTo(0);
    assertThat(tries.cameBack(0)).isTrue();
    assertThat(tries.next()).as("0 is silent now").isEqualTo(2);
    tries.setBack(2);
    assertThat(tries.next()).isEqualTo(NOBODY);
  }

  @Test
  void rfc9520Section31whoIsSetBackIsNotTriedAFourthTime() {
    Tries tries = new Tries(group(1), 0);
    tries.next();
    tries.next();
    tries.next();
    tries.setBack(0);
    assertThat(tries.next()).isEqualTo(NOBODY);
  }

  @Test
  void whoIsLeftOutIsNotSetBack() {
    Tries tries = new Tries(group(2), 0);
    tries.next();
    tries.setBack(0);
    tries.leaveOut(0);
    tries.next();
    tries.leaveOut(1);
    tries.setBack(1);
    assertThat(tries.next()).isEqualTo(NOBODY);
  }

  @Test
  void anotherOneIsSoundAndUntried() {
    ServerGroup group = group(3);
    for (int i = 0; i < Health.FAILURES_IN_A_ROW; i++) {
      group.server(1).failed(Site.START, "no response");
    }
    Tries tries = new Tries(group, 0);
    assertThat(tries.next()).isEqualTo(0);
    assertThat(tries.another()).as("those set aside come last").isEqualTo(2);
    assertThat(tries.another()).isEqualTo(NOBODY);
    assertThat(tries.next()).isEqualTo(1);
    assertThat(tries.another()).isEqualTo(NOBODY);
  }

  @Test
  void oneQuestionTellsOnceAgainstAServer() {
    Tries tries = new Tries(group(2), 0);
    assertThat(tries.blame(0)).isTrue();
    assertThat(tries.blame(0)).isFalse();
    assertThat(tries.blame(1)).isTrue();
  }

  @Test
  void sixteenServersAreCountedApart() {
    Tries tries = new Tries(group(Order.MOST), 0);
    for (int i = 0; i < 3 * Order.MOST; i++) {
      assertThat(tries.next()).isEqualTo(i % Order.MOST);
    }
    assertThat(tries.next()).isEqualTo(NOBODY);
    assertThat(tries.count(15)).isEqualTo(3);
  }

  @Test
  void nobodyIsTriedWhereThereIsNobody() {
    Tries tries = new Tries(group(0), 0);
    assertThat(tries.next()).isEqualTo(NOBODY);
    assertThat(tries.another()).isEqualTo(NOBODY);
  }

  private static ServerGroup group(int size) {
    List<ServerState> servers = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      servers.add(new ServerState("s" + i));
    }
    return new ServerGroup(servers, Policy.SEQUENTIAL, Site.START);
  }
}
