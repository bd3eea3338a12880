package resolver.policy;

import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Type;
import resolver.query.Answer;
import resolver.query.Question;

/**
 * Names that an upstream server is asked for only to see whether the question comes back to our own
 * door: then it leads to us, straight or through others.
 *
 * <p>Each is random, so that nobody else can ask for it, and lies below {@code example}: that is
 * the one top name of special use that nobody owns and that forwarders have to pass on like any
 * other (RFC 6761 section 6.5), while they answer {@code invalid} and {@code test} themselves. It
 * is asked for addresses, for which no forwarder has rules of its own.
 *
 * <p>Any thread may call. A question is looked at on its way past the cache alone, and costs a
 * glance at a list that is mostly empty.
 */
public final class LoopProbes {
  private static final byte[] BELOW = LocalImage.wire("loop-probe.example.");
  private static final int RANDOM_OCTETS = 12;
  private static final Answer SEEN =
      Negatives.nxdomain(null, 1, "a probe for loops of forwarders, which has come back");

  private final SecureRandom random = new SecureRandom();
  private final List<Probe> watched = new CopyOnWriteArrayList<>();
  private volatile Runnable onReturn = () -> {};

  /** One probe. */
  public static final class Probe {
    private final Question question;
    private final AtomicBoolean back = new AtomicBoolean();

    private Probe(Question question) {
      this.question = question;
    }

    /** What a server is asked. */
    public Question question() {
      return question;
    }

    /** Whether it has come back. */
    public boolean cameBack() {
      return back.get();
    }
  }

  /** Has somebody told, once for each, that a probe has come back: must neither block nor throw. */
  public void onReturn(Runnable task) {
    onReturn = task;
  }

  /** Draws a probe, which is watched for until {@link #end}. */
  public Probe begin() {
    byte[] octets = new byte[RANDOM_OCTETS];
    random.nextBytes(octets);
    Probe probe = new Probe(Question.of(nameOf(octets), Type.A, DClass.IN, false));
    watched.add(probe);
    return probe;
  }

  private static byte[] nameOf(byte[] octets) {
    byte[] name = new byte[1 + 2 * octets.length + BELOW.length];
    name[0] = (byte) (2 * octets.length);
    for (int i = 0; i < octets.length; i++) {
      name[1 + 2 * i] = (byte) ('a' + (octets[i] >> 4 & 15));
      name[2 + 2 * i] = (byte) ('a' + (octets[i] & 15));
    }
    System.arraycopy(BELOW, 0, name, 1 + 2 * octets.length, BELOW.length);
    return name;
  }

  /** Watches for a probe no longer. */
  public void end(Probe probe) {
    watched.remove(probe);
  }

  /** The answer to a probe that has come back, or null: the question is another one. */
  @Nullable Answer answer(Question question) {
    if (watched.isEmpty() || !question.isAtOrBelow(BELOW)) {
      return null;
    }
    byte[] name = question.name();
    for (Probe probe : watched) {
      // Of whatever type and with whatever flags: on its way it may have changed.
      if (probe.question.isAt(name)) {
        if (!probe.back.getAndSet(true)) {
          onReturn.run();
        }
        return SEEN;
      }
    }
    return null;
  }
}
