package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import resolver.fixtures.Programs;
import resolver.net.OpenSocket;
import resolver.settings.Addresses;

/** What this process was started with, by the variables that tell of it. */
class PassedSocketsTest {
  private static final long PID = 4711;

  @BeforeEach
  void needEpoll() {
    Programs.need("the native transport", Epoll.isAvailable());
  }

  @Test
  void thoseOfAnotherProcessAreNotOurs() throws CannotListen {
    assertThat(PassedSockets.of(Map.of(), PID)).isEmpty();
    assertThat(PassedSockets.of(Map.of("LISTEN_FDS", "2"), PID)).isEmpty();
    assertThat(PassedSockets.of(Map.of("LISTEN_FDS", "2", "LISTEN_PID", "4712"), PID)).isEmpty();
    assertThat(PassedSockets.of(Map.of("LISTEN_FDS", "0", "LISTEN_PID", "4711"), PID)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "many", "5000", "3.5"})
  void aNumberThatIsNoneIsTold(String number) {
    assertThatExceptionOfType(CannotListen.class)
        .isThrownBy(() -> PassedSockets.of(Map.of("LISTEN_FDS", number, "LISTEN_PID", "4711"), PID))
        .withMessage("LISTEN_FDS: " + number + " (expected: 0 to 4096)");
  }

  @Test
  void aSocketTellsWhatItIs() throws IOException {
    Socket udp = Socket.newSocketDgram();
    Socket tcp = Socket.newSocketStream();
    try {
      udp.bind(Addresses.parse("127.0.0.1", 0));
      tcp.bind(Addresses.parse("127.0.0.1", 0));
      assertThat(OpenSocket.of(udp.intValue()))
          .isEqualTo(new OpenSocket(false, false, false, udp.localAddress()));
      assertThat(OpenSocket.of(tcp.intValue()).listening()).isFalse();
      tcp.listen(1);
      assertThat(OpenSocket.of(tcp.intValue()))
          .isEqualTo(new OpenSocket(true, true, false, tcp.localAddress()));
    } finally {
      udp.close();
      tcp.close();
    }
    Socket unix = Socket.newSocketDomain();
    try {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> OpenSocket.of(unix.intValue()))
          .withMessage("it is no socket of UDP or TCP");
    } finally {
      unix.close();
    }
  }
}
