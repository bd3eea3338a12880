package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client is told of a fault of a socket. */
class FaultWordsTest {
  @ParameterizedTest
  @CsvSource({
    "recvmmsg(..) failed with error(-111): Connection refused, Connection refused",
    "finishConnect(..) failed with error(-113): No route to host: /192.0.2.1:53, No route to host",
    "Connection reset, Connection reset",
  })
  void theKernelsWordsAreToldAndNotTheNativeCall(String message, String words) {
    assertThat(UdpPort.describe(new IOException(message))).isEqualTo(words);
  }

  @Test
  void aFaultWithoutWordsIsToldByItsKind() {
    assertThat(UdpPort.describe(new IOException())).isEqualTo("IOException");
  }
}
