package resolver.server;

import java.net.InetAddress;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.LogPause;
import resolver.clock.Ticker;
import resolver.settings.Network;

/**
 * Tells in the log that lookups are refused: one line a minute at most, with how many there were
 * since the last. Any thread may call.
 */
final class Refusals {
  private static final long PAUSE = 60_000_000_000L;
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private final LogPause pause;
  private final LongAdder untold = new LongAdder();

  Refusals(Ticker ticker) {
    this.pause = new LogPause(ticker, PAUSE);
  }

  /** A lookup of a client was refused. */
  void add(InetAddress client, ClientSettings settings) {
    untold.increment();
    if (!pause.mayWrite()) {
      return;
    }
    int bits = client.getAddress().length == 4 ? settings.ratePrefixV4() : settings.ratePrefixV6();
    LOG.warn(
        "clients.rate: refused {} lookups since this was told last, the latest of {}: more than {} a"
            + " second",
        untold.sumThenReset(),
        Network.of(client, bits),
        settings.rate());
  }
}
