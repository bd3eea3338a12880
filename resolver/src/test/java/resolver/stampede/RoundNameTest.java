package resolver.stampede;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import resolver.fixtures.DnsClient;

class RoundNameTest {
  @Test
  void itsQuestionIsTheOneThatDnsjavaWrites() {
    RoundName name = RoundName.of(20, 0xabcd1234);
    assertThat(name).hasToString("r0000020-abcd1234.stampede.example");
    byte[] query = DnsClient.query(name.toString(), "A").toWire();
    byte[] question = java.util.Arrays.copyOfRange(query, 12, query.length);
    assertThat(name.question()).isEqualTo(question).hasSize(RoundName.questionLength());
  }

  @Test
  void itIsFoundInAQuestionWhateverItsSpelling() {
    RoundName name = RoundName.of(9_999_999, -1);
    byte[] question = name.question();
    for (int i = 0; i < question.length - 4; i++) {
      if (question[i] >= 'a' && i % 2 == 0) {
        question[i] = (byte) (question[i] - 32);
      }
    }
    assertThat(RoundName.in(question)).contains(name);
    assertThat(name.round()).hasValue(9_999_999);
    assertThat(RoundName.in(RoundName.trial(3, 5).question()).orElseThrow().round()).isEmpty();
  }

  @Test
  void othersAreNotOurs() {
    byte[] question = RoundName.of(1, 2).question();
    assertThat(RoundName.in(new byte[] {0, 0, 1, 0, 1})).isEmpty();
    for (int i = 0; i < question.length - 4; i++) {
      byte[] changed = question.clone();
      changed[i] = (byte) 0xff;
      assertThat(RoundName.in(changed)).as("octet %s", i).isEmpty();
      changed[i] = 1;
      assertThat(RoundName.in(changed)).as("octet %s", i).isEmpty();
    }
  }

  @Test
  void theAddressesLieInTheBenchmarksNetworkAndDifferForMost() {
    Set<Integer> addresses = new HashSet<>();
    for (int i = 1; i <= 1000; i++) {
      int address = RoundName.of(i, 7).address();
      assertThat(address >>> 17).isEqualTo((198 << 8 | 18) >>> 1);
      addresses.add(address);
    }
    assertThat(addresses).hasSizeGreaterThan(900);
  }
}
