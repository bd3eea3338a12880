package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContextBuilder;
import org.junit.jupiter.api.Test;
import resolver.fixtures.LogCatcher;
import resolver.fixtures.ManualClock;

/** How TLS gets ready for connections. */
class TlsShieldTest {
  private static final Server SERVER =
      ServerWords.parse("tls://192.0.2.53?pin-sha256=" + "A".repeat(43) + "=#dns.example");

  private boolean broken = true;
  private final TlsShield shield =
      new TlsShield(
          "",
          Runnable::run,
          new ManualClock(),
          () -> {
            if (broken) {
              throw new LinkageError("as a test wants it");
            }
            return SslContextBuilder.forClient();
          });

  @Test
  void afterADefectOfThisJavaTheNextConnectionTriesAnew() {
    try (LogCatcher log = new LogCatcher(TlsShield.class)) {
      assertThat(shield.prepare(SERVER)).isCompletedExceptionally();
      assertThat(shield.prepare(SERVER)).isCompletedExceptionally();
      assertThat(log.messages()).as("it is told of once").hasSize(1);
    }
    broken = false;
    assertThat(shield.prepare(SERVER)).isCompleted();
  }
}
