package resolver.observe;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.Ticker;

/** Opens and closes the query log as the settings say. Any thread may call, no event loop. */
public final class QueryLogs implements AutoCloseable {
  private final QueryTaps taps;
  private final Ledger ledger;
  private final Ticker ticker;
  private QueryLogSettings settings = QueryLogSettings.DEFAULTS;
  private @Nullable QueryLog log;

  /** No log yet. */
  public QueryLogs(QueryTaps taps, Ledger ledger, Ticker ticker) {
    this.taps = taps;
    this.ledger = ledger;
    this.ticker = ticker;
  }

  /** Follows these settings from now on. */
  public synchronized void use(QueryLogSettings next) {
    if (next.equals(settings)) {
      return;
    }
    close();
    settings = next;
    if (next.isOn()) {
      QueryLog fresh =
          new QueryLog(
              next,
              () -> new ClientWords(next.clients(), key(next.clientKey())),
              () -> open(next),
              ledger,
              ticker,
              bound -> ThreadLocalRandom.current().nextInt(bound));
      fresh.start();
      log = fresh;
      taps.add(fresh);
    }
  }

  private static QueryLog.Output open(QueryLogSettings settings) throws java.io.IOException {
    return settings.to().equals(QueryLogSettings.JOURNAL)
        ? new Journal()
        : new RollingFile(Path.of(settings.to()), settings.maxSize(), settings.maxFiles());
  }

  private static byte[] key(String setting) {
    return setting.isEmpty() ? OwnKey.KEY : setting.getBytes(StandardCharsets.UTF_8);
  }

  /** One key for the life of the process: a reload does not give clients other names. */
  private static final class OwnKey {
    static final byte[] KEY = ClientWords.randomKey();
  }

  /** Writes what is there, and ends the log. */
  @Override
  public synchronized void close() {
    QueryLog old = log;
    if (old != null) {
      taps.remove(old);
      old.close();
    }
    log = null;
    settings = QueryLogSettings.DEFAULTS;
  }

  /** The log of the daemon, whoever writes that. */
  private static final class Journal implements QueryLog.Output {
    private final Logger logger = LoggerFactory.getLogger("resolver.queries");

    @Override
    public void write(String lines) {
      lines.lines().forEach(line -> logger.info("{}", line));
    }

    @Override
    public void close() {}
  }
}
