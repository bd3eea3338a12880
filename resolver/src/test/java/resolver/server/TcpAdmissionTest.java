package resolver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import resolver.settings.Addresses;

class TcpAdmissionTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final InetAddress ONE = address("192.0.2.1");
  private static final InetAddress OTHER = address("2001:db8::1");

  @Test
  void oneClientHasSoManyAndNoMore() {
    TcpAdmission admission = new TcpAdmission(10, 2);
    assertThat(admission.enter(ONE)).isTrue();
    assertThat(admission.enter(ONE)).isTrue();
    assertThat(admission.enter(ONE)).isFalse();
    assertThat(admission.enter(OTHER)).isTrue();
    assertThat(admission.count()).isEqualTo(3);
  }

  @Test
  void allTogetherHaveSoManyAndNoMore() {
    TcpAdmission admission = new TcpAdmission(3, 2);
    assertThat(admission.enter(ONE)).isTrue();
    assertThat(admission.enter(OTHER)).isTrue();
    assertThat(admission.enter(LOOPBACK)).isTrue();
    assertThat(admission.enter(LOOPBACK)).isFalse();
    assertThat(admission.enter(OTHER)).isFalse();
  }

  @Test
  void loopbackIsBoundByTheWholeAlone() {
    TcpAdmission admission = new TcpAdmission(5, 1);
    for (int i = 0; i < 5; i++) {
      assertThat(admission.enter(LOOPBACK)).isTrue();
    }
    assertThat(admission.enter(LOOPBACK)).isFalse();
  }

  @Test
  void whoLeavesFreesAPlace() {
    TcpAdmission admission = new TcpAdmission(2, 1);
    assertThat(admission.enter(ONE)).isTrue();
    assertThat(admission.enter(ONE)).isFalse();
    admission.leave(ONE);
    assertThat(admission.count()).isZero();
    assertThat(admission.enter(ONE)).isTrue();
  }

  @Test
  void manyThreadsLeaveNothingBehind() throws InterruptedException, ExecutionException {
    TcpAdmission admission = new TcpAdmission(3, 2);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      InetAddress client = i % 2 == 0 ? ONE : OTHER;
      all.add(threads.submit(() -> enterAndLeave(admission, client)));
    }
    for (Future<?> each : all) {
      each.get();
    }
    threads.shutdownNow();
    assertThat(admission.count()).isZero();
    assertThat(admission.enter(ONE)).isTrue();
  }

  private static void enterAndLeave(TcpAdmission admission, InetAddress client) {
    for (int i = 0; i < 10_000; i++) {
      if (admission.enter(client)) {
        assertThat(admission.count()).isBetween(1, 3);
        admission.leave(client);
      }
    }
  }

  private static InetAddress address(String text) {
    return Addresses.parse(text, 53).getAddress();
  }
}
