package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;
import org.junit.jupiter.api.Test;
import resolver.query.Transport;
import resolver.settings.Addresses;

class CannotListenTest {
  @Test
  void aMachineWithoutIpv6IsNamedAndTheWayOutToo() {
    for (Exception cause :
        List.of(
            new UnsupportedAddressTypeException(),
            new SocketException("Protocol family unavailable"),
            new SocketException("Address family not supported by protocol"))) {
      assertThat(CannotListen.on(Addresses.parse("::1", 53), Transport.UDP, cause))
          .hasMessage(
              "cannot listen on [::1]:53 over UDP: this machine has no IPv6; leave the address out"
                  + " of server.listen and --listen")
          .hasCause(cause);
    }
  }
}
