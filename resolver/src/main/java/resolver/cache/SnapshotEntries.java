package resolver.cache;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import resolver.query.Answer;
import resolver.query.Provenance;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.wire.ExtendedError;
import resolver.wire.Names;
import resolver.wire.Octets;
import resolver.wire.ResponseImage;

/**
 * One answer as octets of a snapshot, in network byte order: what it is, a whole message's question
 * and records, and where it came from. Belongs to one thread.
 */
final class SnapshotEntries {
  /** More than any entry takes: two images, and the rest. */
  static final int MOST_OCTETS = 256 << 10;

  private static final int CHECKING_DISABLED = 1;
  private static final int IN_SPACE = 2;
  private static final int SIGNED = 4;
  private static final int AUTHENTIC = 8;

  private static final int HEADER = 12;
  private static final int QUESTION_TAIL = 4;
  private static final int MOST_ERRORS = 16;
  private static final int MOST_SERVERS_SHARED = 1000;

  /**
   * An entry as it stands in a file.
   *
   * @param question of space 0
   * @param answer what is kept for it
   * @param receivedAt when it really came, in milliseconds since 1970
   * @param route the number of the route that it took
   * @param inSpace whether it was kept in that route's part of the cache
   */
  record Entry(Question question, Answer answer, long receivedAt, int route, boolean inSpace) {}

  private final Map<InetSocketAddress, InetSocketAddress> servers = new HashMap<>();

  /** Whether the answer is one that a server gave and that a snapshot has room for. */
  static boolean canHold(Answer answer) {
    Provenance provenance = answer.provenance();
    return answer.failure() == Answer.Failure.NONE
        && answer.errors().size() <= MOST_ERRORS
        && provenance != null
        && provenance.server().getAddress() != null;
  }

  /** Appends an entry for which {@link #canHold} is true. */
  static void write(Entry entry, ByteBuf out) {
    Question question = entry.question();
    Answer answer = entry.answer();
    ResponseImage plain = answer.image(false);
    ResponseImage signed = answer.image(true);
    int flags = question.checkingDisabled() ? CHECKING_DISABLED : 0;
    flags |= entry.inSpace() ? IN_SPACE : 0;
    flags |= signed.equals(plain) ? 0 : SIGNED;
    flags |= answer.authentic() ? AUTHENTIC : 0;
    out.writeByte(flags).writeShort(entry.route());
    byte[] octets = new byte[question.length()];
    question.copyTo(octets, 0);
    out.writeShort(octets.length).writeBytes(octets);
    out.writeLong(entry.receivedAt()).writeInt(answer.ttl()).writeShort(answer.rcode());
    writeProvenance(Objects.requireNonNull(answer.provenance()), out);
    out.writeByte(answer.errors().size());
    for (ExtendedError error : answer.errors()) {
      byte[] text = error.textOctets();
      out.writeShort(error.code()).writeShort(text.length).writeBytes(text);
    }
    writeImage(plain, out);
    if ((flags & SIGNED) != 0) {
      writeImage(signed, out);
    }
  }

  private static void writeProvenance(Provenance from, ByteBuf out) {
    byte[] address = from.server().getAddress().getAddress();
    out.writeByte(address.length).writeBytes(address).writeShort(from.server().getPort());
    byte[] transport = from.transport().name().getBytes(StandardCharsets.US_ASCII);
    out.writeByte(transport.length).writeBytes(transport);
    out.writeLong(from.roundTripNanos()).writeInt(from.tries()).writeInt(from.waiters());
  }

  private static void writeImage(ResponseImage image, ByteBuf out) {
    out.writeShort(image.answers())
        .writeShort(image.authorities())
        .writeShort(image.additionals())
        .writeShort(image.length());
    image.writeTo(out, 0);
  }

  /**
   * Reads an entry, whose answer is marked as one of a snapshot.
   *
   * @throws RuntimeException of any kind where the octets are none
   */
  Entry read(ByteBuffer in, SnapshotAge age) {
    int flags = in.get();
    int route = in.getShort() & 0xffff;
    Question question = question(octets(in, in.getShort() & 0xffff), flags);
    long receivedAt = in.getLong();
    int ttl = in.getInt();
    int rcode = in.getShort() & 0xffff;
    Provenance provenance = provenance(in);
    List<ExtendedError> errors = new ArrayList<>();
    for (int left = in.get(); left > 0; left--) {
      int code = in.getShort() & 0xffff;
      byte[] text = octets(in, in.getShort() & 0xffff);
      errors.add(new ExtendedError(code, new String(text, StandardCharsets.UTF_8)));
    }
    ResponseImage plain = image(question, in);
    ResponseImage signed = (flags & SIGNED) == 0 ? plain : image(question, in);
    Answer answer =
        Answer.of(
            rcode,
            plain,
            signed,
            age.arrivedAt(receivedAt, ttl),
            ttl,
            (flags & AUTHENTIC) != 0,
            Answer.Failure.NONE,
            errors,
            provenance);
    return new Entry(
        question, answer.markedFromSnapshot(), receivedAt, route, (flags & IN_SPACE) != 0);
  }

  private static Question question(byte[] octets, int flags) {
    if (!Names.isWhole(octets, octets.length - QUESTION_TAIL)) {
      throw new IllegalArgumentException("a question of " + octets.length + " octets");
    }
    return Question.ofOctets(octets, (flags & CHECKING_DISABLED) != 0);
  }

  private Provenance provenance(ByteBuffer in) {
    InetSocketAddress server = server(octets(in, in.get() & 0xff), in.getShort() & 0xffff);
    String transport = new String(octets(in, in.get() & 0xff), StandardCharsets.US_ASCII);
    return new Provenance(
        server, Transport.valueOf(transport), in.getLong(), in.getInt(), in.getInt());
  }

  /** The same object for the same server, as a daemon has it. */
  private InetSocketAddress server(byte[] address, int port) {
    try {
      InetSocketAddress server = new InetSocketAddress(InetAddress.getByAddress(address), port);
      InetSocketAddress known = servers.get(server);
      if (known == null && servers.size() < MOST_SERVERS_SHARED) {
        servers.put(server, server);
      }
      return known == null ? server : known;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address of " + address.length + " octets", e);
    }
  }

  private static ResponseImage image(Question question, ByteBuffer in) {
    int counts = in.position();
    in.position(counts + 6);
    int length = in.getShort() & 0xffff;
    byte[] message = new byte[HEADER + question.length() + length];
    Octets.putU16(message, 4, 1);
    in.get(counts, message, 6, 6);
    question.copyTo(message, HEADER);
    in.get(message, HEADER + question.length(), length);
    return ResponseImage.of(message);
  }

  private static byte[] octets(ByteBuffer in, int length) {
    if (length > in.remaining()) {
      throw new IllegalArgumentException(
          length + " octets (expected: at most " + in.remaining() + ")");
    }
    byte[] octets = new byte[length];
    in.get(octets);
    return octets;
  }
}
