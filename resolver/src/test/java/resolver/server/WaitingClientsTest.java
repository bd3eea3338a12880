package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class WaitingClientsTest {
  private final WaitingClients waiting = new WaitingClients(2);
  private final InetAddress one = address("192.0.2.1");
  private final InetAddress other = address("2001:db8::1");

  @Test
  void aClientIsFullAtItsBoundAndNobodyElseIs() {
    waiting.enter(one);
    assertThat(waiting.isFull(one)).isFalse();
    waiting.enter(one);
    assertThat(waiting.isFull(one)).isTrue();
    assertThat(waiting.isFull(other)).isFalse();
    waiting.leave(one);
    assertThat(waiting.isFull(one)).isFalse();
  }

  @Test
  void nobodyIsRememberedWhoDoesNotWait() {
    waiting.enter(one);
    waiting.enter(other);
    waiting.leave(one);
    waiting.leave(other);
    assertThat(waiting.clients()).isZero();
  }

  @Test
  void loopbackIsExempt() {
    InetAddress loopback = address("127.0.0.9");
    for (int i = 0; i < 10; i++) {
      waiting.enter(loopback);
    }
    assertThat(waiting.isFull(loopback)).isFalse();
    assertThat(waiting.clients()).isZero();
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(text));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
