package resolver.observe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.Ticker;
import resolver.settings.Secret;

/** Opens and closes the query log as the settings say. Any thread may call, no event loop. */
public final class QueryLogs implements AutoCloseable {
  private final QueryTaps taps;
  private final Ledger ledger;
  private final Ticker ticker;
  private QueryLogSettings settings = QueryLogSettings.DEFAULTS;
  private @Nullable QueryLog log;
  private List<Ending> ending = List.of();

  /**
   * A log that was closed, and may still be writing, for its place keeps it waiting.
   *
   * @param to its place
   * @param ended is at zero once it writes no more
   */
  private record Ending(String to, CountDownLatch ended) {
    boolean isOver() {
      return ended.getCount() == 0;
    }
  }

  /** No log yet. */
  public QueryLogs(QueryTaps taps, Ledger ledger, Ticker ticker) {
    this.taps = taps;
    this.ledger = ledger;
    this.ticker = ticker;
  }

  /**
   * Follows these settings from now on. Each query goes to the old log or to the new one, whose
   * ring holds what comes until the old one has ended.
   */
  public synchronized void use(QueryLogSettings next) {
    QueryLog old = log;
    if (old == null && !next.isOn()) {
      settings = next;
      return;
    }
    boolean isDead = old != null && !old.isWriting();
    if (next.equals(settings) && !isDead) {
      return;
    }
    List<Ending> before = new ArrayList<>(ending);
    if (old != null) {
      before.add(new Ending(settings.to(), old.ended()));
    }
    before.removeIf(Ending::isOver);
    QueryLog fresh = next.isOn() ? make(next, List.copyOf(before)) : null;
    taps.replace(old, fresh);
    ending = before;
    log = fresh;
    settings = next;
    if (old != null) {
      old.close();
    }
    if (fresh != null) {
      fresh.start();
    }
  }

  private QueryLog make(QueryLogSettings next, List<Ending> before) {
    return new QueryLog(
        next,
        () -> new ClientWords(next.clients(), key(next.clientKey())),
        () -> open(next, before),
        ledger,
        ticker,
        bound -> ThreadLocalRandom.current().nextInt(bound));
  }

  /** Opens the place of a log, which for a file must be nobody else's any more. */
  private static QueryLog.Output open(QueryLogSettings settings, List<Ending> before)
      throws IOException {
    if (settings.to().equals(QueryLogSettings.JOURNAL)) {
      return new Journal();
    }
    if (before.stream().anyMatch(each -> each.to().equals(settings.to()) && !each.isOver())) {
      throw new IOException("the log by the settings before is still being written there");
    }
    return new RollingFile(Path.of(settings.to()), settings.maxSize(), settings.maxFiles());
  }

  private static byte[] key(Secret setting) {
    return setting.equals(Secret.NONE)
        ? OwnKey.KEY
        : setting.text().getBytes(StandardCharsets.UTF_8);
  }

  /** One key for the life of the process: a reload does not give clients other names. */
  private static final class OwnKey {
    static final byte[] KEY = ClientWords.randomKey();
  }

  /** Writes what is there, and ends the log. */
  @Override
  public void close() {
    use(QueryLogSettings.DEFAULTS);
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
