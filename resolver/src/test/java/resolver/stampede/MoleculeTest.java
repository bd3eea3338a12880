package resolver.stampede;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoleculeTest {
  @ParameterizedTest
  @CsvSource({
    "2udp+1tcp, 2, 1, 2udp+1tcp",
    "2udp+2tcp, 2, 2, 2udp+2tcp",
    "1tcp+2udp, 2, 1, 2udp+1tcp",
    "1udp+1udp, 2, 0, 2udp",
    "100000tcp, 0, 100000, 100000tcp",
  })
  void isReadAndWritten(String text, int udp, int tcp, String written) {
    Molecule molecule = Molecule.parse(text);
    assertThat(molecule).isEqualTo(new Molecule(udp, tcp)).hasToString(written);
    assertThat(molecule.size()).isEqualTo(udp + tcp);
    assertThat(Molecule.parse(written)).isEqualTo(molecule);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "udp", "0udp", "2udp+", "2UDP", "2dot", "2udp 1tcp", "9999999999udp"})
  void whatIsNoneIsAnErrorThatSaysWhatIsExpected(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Molecule.parse(text))
        .withMessage("\"" + text + "\" (expected: numbers of udp and tcp, such as 2udp+1tcp)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999udp+2tcp", "1000000udp", "999999999udp+999999999udp+999999999tcp"})
  void itHasABound(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Molecule.parse(text))
        .withMessage("\"" + text + "\" (expected: 1 to 100000 clients)");
  }
}
