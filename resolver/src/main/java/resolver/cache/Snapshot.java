package resolver.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import resolver.clock.Ticker;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.selection.Routes;

/**
 * The answers of a cache in a file, so that the next run of the daemon begins with them. Failures
 * are not among them. The first block tells when it was written and by which routes, those behind
 * it have the answers, and the last one tells how many they are.
 *
 * <p>It is written beside the old one, which it replaces when it is whole and on the disk. Work is
 * done block by block, the caller deciding in between how long it rests and whether it goes on, so
 * that the event loops hardly feel it. Belongs to one thread at a time, and none of the loops.
 */
public final class Snapshot {
  private static final int BLOCK = 64 << 10;
  private static final int ANSWERS = 1;
  private static final int END = 2;
  private static final int MOST_ASIDE = 3;

  private final Path file;
  private final AnswerCache cache;
  private final Supplier<Routes> routes;
  private final Ticker ticker;
  private final long most;

  /**
   * What came of a reading.
   *
   * @param taken how many answers are in the cache now
   * @param left how many others were read: expired, superseded, or of another route
   * @param clock what is wrong with the wall clock; empty for nothing
   * @param fault what is wrong with the file; empty for nothing
   * @param whole whether all was read that could be
   */
  public record Restored(long taken, long left, String clock, String fault, boolean whole) {}

  /**
   * The snapshot of a cache. Comes before the first question: from now on the cache notes what must
   * not be replaced by an earlier run's answers.
   *
   * @param routes those in force
   * @param most octets of a file that are written or read: the budget of the cache, in which an
   *     answer takes more
   */
  public Snapshot(Path file, AnswerCache cache, Supplier<Routes> routes, Ticker ticker, long most) {
    this.file = file;
    this.cache = cache;
    this.routes = routes;
    this.ticker = ticker;
    this.most = most;
    cache.expectRestoration();
  }

  /** Where it lies. */
  public Path file() {
    return file;
  }

  /**
   * Writes what is in the cache.
   *
   * @param mayGoOn is asked after each block; where it says no, all stays as it was
   * @return how many answers were written, or -1 where nothing was, because of that or because the
   *     routes have changed meanwhile
   */
  public long write(BooleanSupplier mayGoOn) throws IOException {
    try (NewFile next = NewFile.beside(file)) {
      Routes inForce = routes.get();
      long written = write(next.channel(), SnapshotRoutes.of(inForce), mayGoOn);
      if (written < 0 || routes.get() != inForce) {
        return -1;
      }
      next.replace();
      return written;
    }
  }

  private long write(FileChannel out, SnapshotRoutes byRoute, BooleanSupplier mayGoOn)
      throws IOException {
    long now = ticker.nanos();
    long wall = ticker.wallMillis();
    SnapshotBlocks blocks = SnapshotBlocks.begin(out, ThreadLocalRandom.current().nextLong());
    ByteBuf block = Unpooled.buffer(BLOCK + SnapshotEntries.MOST_OCTETS / 4);
    try {
      block.writeLong(wall).writeShort(byRoute.digests().size());
      byRoute.digests().forEach(block::writeBytes);
      blocks.write(out, block);
      long count = 0;
      for (Map.Entry<Question, Answer> kept : cache.all()) {
        if (!append(kept.getKey(), kept.getValue(), byRoute, now, wall, block)) {
          continue;
        }
        count++;
        if (block.readableBytes() >= BLOCK) {
          blocks.write(out, block);
          if (!mayGoOn.getAsBoolean()) {
            return -1;
          }
          if (out.position() >= most) {
            break;
          }
        }
      }
      if (block.isReadable()) {
        blocks.write(out, block);
      }
      block.writeByte(END).writeLong(count);
      blocks.write(out, block);
      return count;
    } finally {
      block.release();
    }
  }

  /** Appends an answer, at the start of a block behind the block's kind, where it is of use. */
  private boolean append(
      Question question,
      Answer answer,
      SnapshotRoutes byRoute,
      long now,
      long wall,
      ByteBuf block) {
    long age = now - answer.arrivedAt();
    int route = byRoute.numberOf(question);
    // What came after the beginning has a place in the next snapshot.
    if (age < 0
        || route < 0
        || !SnapshotEntries.canHold(answer)
        || !cache.isUsable(question, answer, now)) {
      return false;
    }
    if (!block.isReadable()) {
      block.writeByte(ANSWERS);
    }
    SnapshotEntries.write(
        new SnapshotEntries.Entry(
            question, answer, wall - ceilMillis(age), route, question.space() != 0),
        block);
    return true;
  }

  /** Rounded up, for no answer shall seem younger than it is. */
  private static long ceilMillis(long nanos) {
    return (nanos + 999_999) / 1_000_000;
  }

  /**
   * Puts what the file has into the cache, as far as it is of use, and ends the time for that.
   * Where there is no file, nothing is told of it.
   *
   * @param mayGoOn is asked after each block; where it says no, the rest is left
   * @throws IOException where the file cannot be read
   */
  public Restored read(BooleanSupplier mayGoOn) throws IOException {
    try {
      if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
        return new Restored(0, 0, "", "", true);
      }
      if (!Files.isRegularFile(file)) {
        throw new IOException("it is no file");
      }
      try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
        return new Reading(mayGoOn).read(in);
      }
    } finally {
      cache.endRestoration();
    }
  }

  /**
   * Puts the file aside, for a person to look at, and no more than a few of them.
   *
   * @return its new place
   */
  public Path setAside() throws IOException {
    String name = file.getFileName() + ".damaged-";
    List<Path> earlier = new ArrayList<>();
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, name + "*")) {
      all.forEach(earlier::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(earlier);
    for (int i = 0; i <= earlier.size() - MOST_ASIDE; i++) {
      Files.deleteIfExists(earlier.get(i));
    }
    // Milliseconds have as many digits for centuries, so names are in the order of time.
    Path aside = file.resolveSibling(name + ticker.wallMillis());
    return Files.move(file, aside);
  }

  /** Forgets all answers of an earlier run. */
  public void forgetRestored() {
    cache.clearRestored();
  }

  /** One reading, and what it has found so far. */
  private final class Reading {
    private final BooleanSupplier mayGoOn;
    private final SnapshotEntries entries = new SnapshotEntries();
    private long taken;
    private long left;
    private String clock = "";

    Reading(BooleanSupplier mayGoOn) {
      this.mayGoOn = mayGoOn;
    }

    Restored read(FileChannel in) throws IOException {
      try {
        return restored("", readBlocks(in));
      } catch (SnapshotException e) {
        return restored(String.valueOf(e.getMessage()), true);
      }
    }

    private Restored restored(String fault, boolean whole) {
      return new Restored(taken, left, clock, fault, whole);
    }

    private boolean readBlocks(FileChannel in) throws IOException {
      SnapshotBlocks blocks = SnapshotBlocks.open(in);
      ByteBuffer block = blocks.read(in);
      Routes inForce = routes.get();
      SnapshotRoutes byRoute;
      long writtenAt;
      try {
        writtenAt = block.getLong();
        byRoute = SnapshotRoutes.read(block, inForce);
      } catch (RuntimeException e) {
        throw fault(blocks, e);
      }
      judge(new SnapshotAge(writtenAt, ticker.wallMillis(), ticker.nanos()));
      while (true) {
        block = blocks.read(in);
        byte kind = block.get();
        if (kind == END) {
          expectEnd(blocks, block, in);
          return true;
        }
        if (kind != ANSWERS) {
          throw new SnapshotException(blocks.last() + " is of kind " + kind);
        }
        SnapshotAge age = new SnapshotAge(writtenAt, ticker.wallMillis(), ticker.nanos());
        // Between these two a reload may have forgotten what the old routes brought.
        if (routes.get() != inForce) {
          inForce = routes.get();
          byRoute = byRoute.under(inForce);
        }
        readAnswers(blocks, block, byRoute, age);
        if (cache.isRestorationOver() || in.position() >= most) {
          return true;
        }
        if (!mayGoOn.getAsBoolean()) {
          return false;
        }
      }
    }

    private void judge(SnapshotAge age) {
      if (age.clockIsBehind()) {
        clock = "the clock shows a time before it was written: its answers count as stale";
      } else if (age.allHaveExpired()) {
        clock = "by the clock it is more than two weeks old: nothing in it is of use";
      }
    }

    private void readAnswers(
        SnapshotBlocks blocks, ByteBuffer block, SnapshotRoutes byRoute, SnapshotAge age)
        throws SnapshotException {
      try {
        while (block.hasRemaining()) {
          SnapshotEntries.Entry entry = entries.read(block, age);
          Question question = byRoute.asAskedNow(entry.question(), entry.route(), entry.inSpace());
          if (question != null && cache.restore(question, entry.answer())) {
            taken++;
          } else {
            left++;
          }
        }
      } catch (RuntimeException e) {
        throw fault(blocks, e);
      }
    }

    private void expectEnd(SnapshotBlocks blocks, ByteBuffer block, FileChannel in)
        throws IOException {
      if (block.remaining() != 8 || block.getLong() != taken + left) {
        throw new SnapshotException(blocks.last() + " tells of another number of answers");
      }
      SnapshotBlocks.expectEnd(in);
    }

    /** What the checksum has passed is none of ours, for we would not have written it so. */
    private SnapshotException fault(SnapshotBlocks blocks, RuntimeException cause) {
      SnapshotException fault = new SnapshotException(blocks.last() + " makes no sense");
      fault.initCause(cause);
      return fault;
    }
  }
}
