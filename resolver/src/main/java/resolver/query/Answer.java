package resolver.query;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import resolver.wire.ExtendedError;
import resolver.wire.ResponseImage;

/**
 * An immutable response to a question, good for any number of clients. A DNS failure is an answer
 * too, with its class in {@link #failure()}.
 *
 * <p>Freshness is judged by the reader, from {@link #arrivedAt()} and {@link #ttl()}.
 *
 * <p>One thing in it changes: which policy has cleared it to go out. That is a hint alone, read and
 * written by any thread without order, yet whole; a thread that misses it judges the answer once
 * more, to the same end.
 */
public final class Answer {
  /** What kind of failure an answer stands for. */
  public enum Failure {
    /** None: the question was answered, be it with records, NXDOMAIN or NODATA. */
    NONE,
    /** No server answered in time. */
    TIMEOUT,
    /** No server could be reached, or none is known. */
    NETWORK,
    /** Servers answered with an RCODE that is a failure. */
    UPSTREAM_RCODE,
    /** A bound of this process was reached. */
    LIMIT,
    /** This process is about to stop. */
    CLOSING,
    /** A defect of this process. */
    DEFECT;
  }

  private static final int NXDOMAIN = 3;
  private static final VarHandle CLEARED;

  static {
    try {
      CLEARED = MethodHandles.lookup().findVarHandle(Answer.class, "cleared", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ResponseImage plain;
  private final ResponseImage signed;
  private final long arrivedAt;
  private final int ttl;
  private final char rcode;
  private final boolean authentic;
  private final boolean fromSnapshot;
  private final Failure failure;
  private final List<ExtendedError> errors;

  // The provenance, for one object less in each entry of the cache; null and zeros without one.
  private final @Nullable InetSocketAddress server;
  private final @Nullable Transport transport;
  private final int roundTripMicros;
  private final int waiters;
  private final byte tries;

  @SuppressWarnings("UnusedVariable") // Used by its handle alone.
  private long cleared;

  // Hints for the cache, the only things here that change. Threads may race for them: then an
  // answer counts one use too few, or is asked for ahead of time twice, which a flight merges.
  private boolean used;
  private boolean claimed;

  private Answer(
      int rcode,
      ResponseImage plain,
      ResponseImage signed,
      long arrivedAt,
      int ttl,
      boolean authentic,
      Failure failure,
      List<ExtendedError> errors,
      @Nullable Provenance provenance,
      boolean fromSnapshot) {
    this.rcode = (char) rcode;
    this.plain = plain;
    this.signed = signed.equals(plain) ? plain : signed;
    this.arrivedAt = arrivedAt;
    this.ttl = ttl;
    this.authentic = authentic;
    this.fromSnapshot = fromSnapshot;
    this.failure = failure;
    this.errors = errors;
    this.server = provenance == null ? null : provenance.server();
    this.transport = provenance == null ? null : provenance.transport();
    this.roundTripMicros = provenance == null ? 0 : micros(provenance.roundTripNanos());
    this.waiters = provenance == null ? 0 : provenance.waiters();
    this.tries = provenance == null ? 0 : (byte) Math.min(Byte.MAX_VALUE, provenance.tries());
  }

  private static int micros(long nanos) {
    return (int) Math.min(Integer.MAX_VALUE, nanos / 1000);
  }

  /**
   * What a server said.
   *
   * @param rcode the RCODE, 0 to 4095
   * @param plain the records for a client that did not set DO
   * @param signed the records for a client that did; the same object where they do not differ
   * @param arrivedAt when it came, in the ticker's nanoseconds
   * @param ttl how long it may be kept, in seconds; 0 means not at all
   * @param authentic whether the server vouched for it with AD on a trusted path
   * @param errors what is to be told beside the RCODE
   */
  public static Answer of(
      int rcode,
      ResponseImage plain,
      ResponseImage signed,
      long arrivedAt,
      int ttl,
      boolean authentic,
      Failure failure,
      List<ExtendedError> errors,
      Provenance provenance) {
    return new Answer(
        rcode,
        plain,
        signed,
        arrivedAt,
        ttl,
        authentic,
        failure,
        List.copyOf(errors),
        provenance,
        false);
  }

  /** The same answer, marked as one that an earlier run of the daemon was given. */
  public Answer markedFromSnapshot() {
    return new Answer(
        rcode, plain, signed, arrivedAt, ttl, authentic, failure, errors, provenance(), true);
  }

  /** An answer without records, made here and never kept. */
  public static Answer local(int rcode, Failure failure, ExtendedError... errors) {
    return new Answer(
        rcode,
        ResponseImage.EMPTY,
        ResponseImage.EMPTY,
        0,
        0,
        false,
        failure,
        List.of(errors),
        null,
        false);
  }

  /** An answer with records that were made here; never kept. */
  public static Answer local(int rcode, ResponseImage image, ExtendedError... errors) {
    return new Answer(rcode, image, image, 0, 0, false, Failure.NONE, List.of(errors), null, false);
  }

  /** What this answer says about another question, with records of its own. */
  public Answer about(ResponseImage otherPlain, ResponseImage otherSigned) {
    return new Answer(
        rcode,
        otherPlain,
        otherSigned,
        arrivedAt,
        ttl,
        authentic,
        failure,
        errors,
        provenance(),
        fromSnapshot);
  }

  /** The same answer with one more thing to be told beside the RCODE. */
  public Answer withError(ExtendedError more) {
    List<ExtendedError> all = new ArrayList<>(errors);
    all.add(more);
    return new Answer(
        rcode,
        plain,
        signed,
        arrivedAt,
        ttl,
        authentic,
        failure,
        List.copyOf(all),
        provenance(),
        fromSnapshot);
  }

  /**
   * This answer as it is given out when it is past its TTL (RFC 8767 section 4).
   *
   * @param ttl the TTL of all its records, in seconds
   * @param now the ticker's time
   * @param why what else is to be told, behind that it is stale
   */
  public Answer stale(int ttl, long now, List<ExtendedError> why) {
    List<ExtendedError> all = new ArrayList<>();
    all.add(
        new ExtendedError(
            rcode == NXDOMAIN ? ExtendedError.STALE_NXDOMAIN : ExtendedError.STALE_ANSWER, ""));
    all.addAll(errors);
    all.addAll(why);
    ResponseImage other = plain.withTtl(ttl);
    return new Answer(
        rcode,
        other,
        signed.equals(plain) ? other : signed.withTtl(ttl),
        now,
        0,
        authentic,
        failure,
        List.copyOf(all),
        provenance(),
        fromSnapshot);
  }

  /** Notes a use by a client, and tells whether it is not the first. */
  public boolean use() {
    boolean again = used;
    used = true;
    return again;
  }

  /** Whether a client has used it from the cache. */
  public boolean wasUsed() {
    return used;
  }

  /** Claims the right to ask for it ahead of time: the first one is told true. */
  public boolean claimRefresh() {
    boolean first = !claimed;
    claimed = true;
    return first;
  }

  /** Whether it says that there is no such name, or nothing of the type at the end of the chain. */
  public boolean isNegative() {
    return rcode == NXDOMAIN || plain.answers() == 0 || plain.authorities() > 0;
  }

  /** The RCODE, extended bits included (RFC 6891 section 6.1.3). */
  public int rcode() {
    return rcode;
  }

  /** The records for a client: with DNSSEC's where it asked for them by DO (RFC 3225). */
  public ResponseImage image(boolean dnssecOk) {
    return dnssecOk ? signed : plain;
  }

  /** When it came, in the ticker's nanoseconds. */
  public long arrivedAt() {
    return arrivedAt;
  }

  /** How long it may be kept after it came, in seconds; 0 means not at all. */
  public int ttl() {
    return ttl;
  }

  /** Whether the server vouched for it with AD on a trusted path. */
  public boolean authentic() {
    return authentic;
  }

  /** What kind of failure it stands for, if any. */
  public Failure failure() {
    return failure;
  }

  /** What is to be told beside the RCODE. */
  public List<ExtendedError> errors() {
    return errors;
  }

  /** Whether it was made here, and so has no age. */
  public boolean isLocal() {
    return server == null;
  }

  /** Whether an earlier run of the daemon was given it, and this one read it from a file. */
  public boolean fromSnapshot() {
    return fromSnapshot;
  }

  /** Where it comes from, its time to the microsecond; null where it was made here. */
  public @Nullable Provenance provenance() {
    return server == null || transport == null
        ? null
        : new Provenance(server, transport, roundTripMicros * 1000L, tries, waiters);
  }

  /**
   * Whether this answer may go out, by the policy of an edition, to those who ask for a type: what
   * says that there is no such name answers many types, and rules may tell them apart.
   *
   * @param edition not 0
   */
  public boolean isCleared(int edition, int type) {
    return (long) CLEARED.getOpaque(this) == ((long) edition << 16 | type);
  }

  /** Remembers that this answer may go out, by the policy of an edition, for a type. */
  public void clear(int edition, int type) {
    CLEARED.setOpaque(this, (long) edition << 16 | type);
  }

  /** What this answer weighs in memory, in octets by estimate, objects included. */
  public int weight() {
    int images = plain.weight() + (signed.equals(plain) ? 0 : signed.weight());
    return 88 + images + errors.size() * 80;
  }
}
