package resolver.observe;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import resolver.clock.Ticker;
import resolver.observe.QueryLogSettings.Format;
import resolver.query.SettledQuery;

/**
 * The log of single queries: each that is taken becomes a line.
 *
 * <p>The event loops put queries into a ring, and never wait; one thread of the log's own takes
 * them out, and writes. Where it is too slow, or the place of the log takes no more, lines are
 * lost: counted in the ledger, and told in the log of the daemon, seldom. The thread looks again a
 * moment after it has written something, so that a busy loop need not wake it for each query.
 *
 * <p>At the end the ring is closed and emptied. A loop that found the log among the listeners
 * before may still come with a query: that is lost, and counted by the loop.
 */
final class QueryLog implements QueryTaps.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueryLog.class);
  private static final int ROOM = 16_384;
  private static final int BATCH_CHARS = 32 << 10;
  private static final long GATHER_NANOS = 10_000_000;
  private static final long LOOK_NANOS = 1_000_000_000;
  private static final long TELL_NANOS = 60_000_000_000L;
  private static final long OPEN_AGAIN_NANOS = 10_000_000_000L;
  private static final long STOP_MILLIS = 2000;

  /** Looks for what loops are just about to put into the ring; with the waits between, a second. */
  private static final int LAST_LOOKS = 100;

  private final Ring<SettledQuery> ring = new Ring<>(ROOM);
  private final QueryLogSettings settings;
  private final Supplier<ClientWords> clientWords;
  private final Place place;
  private final Ledger ledger;
  private final Ticker ticker;
  private final IntUnaryOperator random;
  private final Thread writer = new Thread(this::run, "query-log");
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean closing;

  private final StringWriter text = new StringWriter();
  private @Nullable ClientWords clients;
  private @Nullable Output output;
  private int lines;
  private long openAt;
  private long lost;
  private long tellAt;
  private String why = "";
  private boolean defectTold;

  /** Where lines go. */
  interface Output extends AutoCloseable {
    /**
     * Writes whole lines.
     *
     * @throws IOException where they may be lost
     */
    void write(String lines) throws IOException;

    @Override
    void close();
  }

  /** Opens the place of the log. */
  interface Place {
    Output open() throws IOException;
  }

  /**
   * A log, which writes once it is started.
   *
   * @param clientWords makes what calls the clients, on the thread of the log
   * @param random gives a number below another one, on any thread
   */
  QueryLog(
      QueryLogSettings settings,
      Supplier<ClientWords> clientWords,
      Place place,
      Ledger ledger,
      Ticker ticker,
      IntUnaryOperator random) {
    this.settings = settings;
    this.clientWords = clientWords;
    this.place = place;
    this.ledger = ledger;
    this.ticker = ticker;
    this.random = random;
    this.openAt = ticker.nanos();
    this.tellAt = openAt;
    writer.setDaemon(true);
  }

  void start() {
    writer.start();
  }

  @Override
  public void take(SettledQuery query) {
    boolean taken = settings.sample() == 1 || random.applyAsInt(settings.sample()) == 0;
    if (taken && !ring.offer(query)) {
      ledger.queryLogLost(1);
    }
  }

  private void run() {
    try {
      while (!closing) {
        if (writeRound()) {
          LockSupport.parkNanos(this, GATHER_NANOS);
        } else {
          ring.await(LOOK_NANOS);
        }
      }
      writeRest();
      tellLost();
    } finally {
      if (output != null) {
        output.close();
      }
      ended.countDown();
    }
  }

  private void writeRest() {
    ring.close();
    for (int looks = 0; looks < LAST_LOOKS; looks++) {
      writeRound();
      if (ring.isEmpty()) {
        return;
      }
      LockSupport.parkNanos(this, GATHER_NANOS);
    }
  }

  /** One round, which no defect makes the last one; tells whether more may follow soon. */
  private boolean writeRound() {
    try {
      return writeAll();
    } catch (RuntimeException e) {
      tellDefect(e);
      return true;
    }
  }

  /** Writes what is there; tells whether there was anything. */
  boolean writeAll() {
    boolean any = false;
    for (SettledQuery query = ring.poll(); query != null; query = ring.poll()) {
      appendOrLose(query);
      any = true;
      if (text.getBuffer().length() >= BATCH_CHARS) {
        flush();
      }
    }
    flush();
    noteLost(ring.takeLost(), "they came faster than they could be written");
    if (lost > 0 && ticker.nanos() - tellAt >= 0) {
      tellLost();
    }
    return any;
  }

  /** A query that cannot be told costs its own line, and no other. */
  private void appendOrLose(SettledQuery query) {
    int whole = text.getBuffer().length();
    try {
      append(query);
    } catch (RuntimeException e) {
      text.getBuffer().setLength(whole);
      noteLost(1, "they could not be made: " + e);
      tellDefect(e);
    }
  }

  private void append(SettledQuery query) {
    ClientWords words = clients == null ? clientWords.get() : clients;
    clients = words;
    QueryLine line = QueryLine.of(query, words.of(query.client().getAddress()), ticker);
    if (settings.format() == Format.TEXT) {
      StringBuilder told = new StringBuilder();
      line.writeTo(told);
      text.append(told);
    } else {
      appendJson(line);
    }
    text.append('\n');
    lines++;
  }

  private void appendJson(QueryLine line) {
    try {
      JsonWriter json = new JsonWriter(text);
      json.beginObject();
      line.writeTo(json);
      json.endObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory takes everything", e);
    }
  }

  private void flush() {
    if (lines == 0) {
      return;
    }
    try {
      Output open = output == null ? open() : output;
      open.write(text.toString());
    } catch (IOException | RuntimeException e) {
      noteLost(lines, String.valueOf(e.getMessage()));
    }
    text.getBuffer().setLength(0);
    lines = 0;
  }

  /** What could not be opened is tried again, but not for every line. */
  private Output open() throws IOException {
    long now = ticker.nanos();
    if (now - openAt < 0) {
      throw new IOException(why);
    }
    openAt = now + OPEN_AGAIN_NANOS;
    output = place.open();
    return output;
  }

  private void noteLost(long more, String reason) {
    if (more > 0) {
      ledger.queryLogLost(more);
      lost += more;
      why = reason;
    }
  }

  /** The first one with its place; the lines that all of them cost are summed up. */
  private void tellDefect(RuntimeException e) {
    if (!defectTold) {
      defectTold = true;
      LOG.error("writing the query log threw; it goes on", e);
    }
  }

  private void tellLost() {
    if (lost > 0) {
      LOG.warn(
          "{} lines of the query log are lost: {} (query-log.to is \"{}\")",
          lost,
          why,
          settings.to());
      lost = 0;
      tellAt = ticker.nanos() + TELL_NANOS;
    }
  }

  /** Whether its thread runs: from the start to some time after the close. */
  boolean isWriting() {
    return writer.isAlive();
  }

  /** At zero once a log that was started has left its place. */
  CountDownLatch ended() {
    return ended;
  }

  /** Writes what is there, and ends; waits two seconds at most for that. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(writer);
    try {
      writer.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ring.close();
    ledger.queryLogLost(ring.takeLost());
    if (!writer.isAlive()) {
      // Also where it never began.
      ended.countDown();
      countRest();
    }
  }

  /** What a writer left that ended before its time, or never began; nobody else takes it out. */
  private void countRest() {
    long rest = 0;
    while (ring.poll() != null) {
      rest++;
    }
    noteLost(rest, "the log ended before they were written");
    tellLost();
  }
}
