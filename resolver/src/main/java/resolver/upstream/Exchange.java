package resolver.upstream;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import resolver.query.Transport;
import resolver.wire.Names;
import resolver.wire.Octets;

/**
 * One query and its response with one server. Belongs to one event loop.
 *
 * <p>A response counts only if it has the ID, comes back to the port that asked, from the server
 * that was asked, and repeats the whole question (RFC 5452 section 9.1); anything else is passed
 * over. So is one without our cookie, or with a name spelt otherwise, where the server is asked for
 * these; but as this may be the server's own doing, the listener is told of the first.
 */
final class Exchange {
  private static final int HEADER = 12;
  private static final int QR_AND_OPCODE = 0xf8;
  private static final int RESPONSE_TO_QUERY = 0x80;
  private static final int NXDOMAIN = 3;
  private static final int BADCOOKIE = 23;

  /** Who waits for the end of an exchange. Called on its event loop, once at most. */
  interface Listener {
    /**
     * The response has come.
     *
     * @param reply the whole message; is released by the caller
     */
    void answered(Exchange exchange, ByteBuf reply);

    /**
     * A response has come that may well be forged, or the server's. It does not count, and the
     * exchange goes on; a stream would tell. Called once at most.
     */
    default void doubted(Exchange exchange) {}

    /** The server cannot be reached, or hung up. */
    void failed(Exchange exchange, String why);

    /** The query could not be sent, for this process is short of something: no fault of servers. */
    default void failedHere(Exchange exchange, String why) {
      failed(exchange, why);
    }
  }

  /** Where exchanges stand while they are open, by their IDs. Called on their event loop. */
  interface Table {
    /** Takes out an exchange that is over. */
    void remove(Exchange over);
  }

  private static final Table NOWHERE = over -> {};

  private final Server server;
  private final Transport transport;
  private byte[] query;
  private final boolean edns;
  private final Listener listener;
  private final long sentAt;
  private Table table = NOWHERE;
  private char id;
  private boolean over;
  private boolean moved;
  private boolean waited;
  private @Nullable Cookies cookies;
  private @Nullable MixedCase spelling;
  private boolean doubted;
  private boolean badCookie;
  private boolean failing;

  /**
   * An exchange about to begin.
   *
   * @param query the whole message, ID zero; is not changed
   * @param edns whether the query has an OPT record
   */
  Exchange(
      Server server,
      Transport transport,
      byte[] query,
      boolean edns,
      long sentAt,
      Listener listener) {
    this.server = server;
    this.transport = transport;
    this.query = query;
    this.edns = edns;
    this.sentAt = sentAt;
    this.listener = listener;
  }

  Server server() {
    return server;
  }

  Transport transport() {
    return transport;
  }

  boolean edns() {
    return edns;
  }

  /** When it began, in the ticker's nanoseconds. */
  long sentAt() {
    return sentAt;
  }

  /** Sends cookies with the query, where that has an OPT record, and expects ours back. */
  void use(Cookies pair) {
    cookies = edns ? pair : null;
  }

  /** Spells the name at random, and expects it back as it is spelt. */
  void spellBy(MixedCase mixed) {
    byte[] spelt = query.clone();
    if (mixed.mix(spelt, HEADER)) {
      query = spelt;
      spelling = mixed;
    }
  }

  /** The octets of the query. */
  int length() {
    return cookies == null ? query.length : query.length + cookies.written();
  }

  /** Appends the query with an ID. */
  void writeQuery(ByteBuf out, char id) {
    out.writeChar(id);
    if (cookies == null) {
      out.writeBytes(query, 2, query.length - 2);
      return;
    }
    // The OPT record comes last, without options: its length is the last there is.
    out.writeBytes(query, 2, query.length - 4);
    out.writeShort(cookies.written());
    cookies.write(out);
  }

  /** Whether it may be begun again on another connection: once. */
  boolean mayMove() {
    boolean may = !over && !moved;
    moved = true;
    return may;
  }

  /** Notes where this exchange stands now, and with which ID. */
  void standIn(Table table, char id) {
    this.table = table;
    this.id = id;
  }

  /**
   * Notes that it stands in line until there is a connection with room for it.
   *
   * @param asUsual whether every query to the server has to
   */
  void awaitConnection(Table line, boolean asUsual) {
    standIn(line, (char) 0);
    waited |= !asUsual;
  }

  /** Whether its time is more than is usual: it stood in line, or was begun again. */
  boolean waitedForConnection() {
    return waited || moved;
  }

  /** The ID of its query, where it stands in a table. */
  char id() {
    return id;
  }

  /** Ends this exchange without telling anybody. */
  void cancel() {
    if (!over) {
      over = true;
      table.remove(this);
    }
  }

  /**
   * Takes a message that has this exchange's ID.
   *
   * @return whether it was the response
   */
  boolean offer(ByteBuf reply) {
    if (over || !isResponse(reply) || !isProven(reply)) {
      return false;
    }
    cancel();
    listener.answered(this, reply);
    return true;
  }

  /** Ends this exchange without a response. */
  void fail(String why) {
    if (!over) {
      cancel();
      listener.failed(this, why);
    }
  }

  /** Ends this exchange, whose query was not sent for want of something that is ours. */
  void failHere(String why) {
    if (!over) {
      cancel();
      listener.failedHere(this, why);
    }
  }

  /** Whether this is the first time that its failure is told: a server's failures are counted. */
  boolean failsFirst() {
    boolean first = !failing;
    failing = true;
    return first;
  }

  /** Whether a response has come that may be forged. */
  boolean isDoubted() {
    return doubted;
  }

  /** Whether the response says that the server wants the cookie that it tells with it. */
  boolean hasBadCookie() {
    return badCookie;
  }

  private boolean isProven(ByteBuf reply) {
    if (spelling != null && !repeatsSpelling(reply)) {
      if (isFirstDoubt()) {
        spelling.wasStrange();
        listener.doubted(this);
      }
      return false;
    }
    if (cookies != null && !hasCookie(reply, cookies)) {
      return false;
    }
    if (spelling != null) {
      spelling.wasKept();
    }
    return true;
  }

  private boolean hasCookie(ByteBuf reply, Cookies pair) {
    Cookies.Verdict verdict = pair.judge(reply);
    badCookie = verdict == Cookies.Verdict.GOOD && pair.rcode() == BADCOOKIE;
    if (verdict == Cookies.Verdict.BARE && isFirstDoubt()) {
      pair.wasBare();
      listener.doubted(this);
    }
    return verdict == Cookies.Verdict.GOOD;
  }

  private boolean isFirstDoubt() {
    boolean first = !doubted;
    doubted = true;
    return first;
  }

  private boolean repeatsSpelling(ByteBuf reply) {
    int start = reply.readerIndex();
    int end = questionEnd();
    if (reply.readableBytes() < end) {
      return false;
    }
    for (int i = HEADER; i < end; i++) {
      if (reply.getByte(start + i) != query[i]) {
        return false;
      }
    }
    return true;
  }

  private boolean isResponse(ByteBuf reply) {
    int start = reply.readerIndex();
    if (reply.readableBytes() < HEADER
        || (reply.getByte(start + 2) & QR_AND_OPCODE) != RESPONSE_TO_QUERY) {
      return false;
    }
    int questions = reply.getUnsignedShort(start + 4);
    if (questions == 0) {
      // Servers that do not even read the question answer with a header alone.
      int rcode = reply.getByte(start + 3) & 15;
      return reply.readableBytes() == HEADER && rcode != 0 && rcode != NXDOMAIN;
    }
    return questions == 1 && repeatsQuestion(reply, start);
  }

  private boolean repeatsQuestion(ByteBuf reply, int start) {
    int end = questionEnd();
    if (reply.readableBytes() < end) {
      return false;
    }
    for (int i = HEADER; i < end - 4; i++) {
      if (Names.fold(reply.getByte(start + i)) != Names.fold(query[i])) {
        return false;
      }
    }
    return reply.getInt(start + end - 4) == Octets.i32(query, end - 4);
  }

  private int questionEnd() {
    int at = HEADER;
    while (query[at] != 0) {
      at += 1 + (query[at] & 0xff);
    }
    return at + 5;
  }
}
