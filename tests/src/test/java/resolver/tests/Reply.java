package resolver.tests;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * A response, read to its last octet and no further. This reader is one of its own: what the daemon
 * reads wrongly or writes wrongly it does with another.
 *
 * @param flags those of the header, with opcode and without RCODE
 * @param rcode with the upper bits of EDNS
 * @param question as it came, in hexadecimal
 * @param additional without OPT
 * @param opt null where there is none
 * @param size in octets
 */
record Reply(
    int flags,
    int rcode,
    String question,
    List<Rr> answer,
    List<Rr> authority,
    List<Rr> additional,
    @Nullable Rr opt,
    int size) {
  static final int AA = 0x0400;
  static final int TC = 0x0200;

  /**
   * Where RDATA has names that may be compressed (RFC 3597 section 4, RFC 1035): a digit stands for
   * as many octets, s for a character-string, n for a name; the rest follows as it is.
   */
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(Type.NS, "n"),
          Map.entry(Type.MD, "n"),
          Map.entry(Type.MF, "n"),
          Map.entry(Type.CNAME, "n"),
          Map.entry(Type.SOA, "nn"),
          Map.entry(Type.MB, "n"),
          Map.entry(Type.MG, "n"),
          Map.entry(Type.MR, "n"),
          Map.entry(Type.PTR, "n"),
          Map.entry(Type.MINFO, "nn"),
          Map.entry(Type.MX, "2n"),
          Map.entry(Type.RP, "nn"),
          Map.entry(Type.AFSDB, "2n"),
          Map.entry(Type.RT, "2n"),
          Map.entry(Type.SIG, "99n"),
          Map.entry(Type.PX, "2nn"),
          Map.entry(Type.NXT, "n"),
          Map.entry(Type.SRV, "6n"),
          Map.entry(Type.NAPTR, "4sssn"));

  private static final int SHOWN = 12;
  private static final int HEADER = 12;
  private static final int POINTER = 0xc0;

  /** Reads a response. */
  static Reply of(byte[] octets) {
    try {
      return new Reader(octets).read();
    } catch (BufferUnderflowException | IllegalArgumentException | IOException e) {
      throw new AssertionError("no message: " + HexFormat.of().formatHex(octets), e);
    }
  }

  /** Whether its content is one that holds for some time. */
  boolean mayBeKept() {
    if (has(TC)) {
      return true;
    }
    boolean negative = authority.stream().anyMatch(record -> record.type() == Type.SOA);
    return (rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN)
        && (negative || !answer.isEmpty())
        && Stream.concat(answer.stream(), authority.stream()).allMatch(rr -> rr.ttl() > 0);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  private static final class Reader {
    private final byte[] octets;
    private final ByteBuffer in;

    Reader(byte[] octets) {
      this.octets = octets;
      this.in = ByteBuffer.wrap(octets);
    }

    Reply read() throws IOException {
      int flags = in.getShort(2) & 0xffff;
      in.position(HEADER);
      for (int i = in.getShort(4); i > 0; i--) {
        name();
        in.getInt();
      }
      String question = hex(HEADER, in.position());
      List<Rr> answer = records(in.getShort(6));
      List<Rr> authority = records(in.getShort(8));
      List<Rr> additional = records(in.getShort(10));
      if (in.hasRemaining()) {
        throw new IOException(in.remaining() + " octets too many");
      }
      List<Rr> opts = additional.stream().filter(record -> record.type() == Type.OPT).toList();
      if (opts.size() > 1) {
        throw new IOException(opts.size() + " OPT records (expected: one at most)");
      }
      additional.removeAll(opts);
      Rr opt = opts.isEmpty() ? null : opts.get(0);
      int upper = opt == null ? 0 : (int) (opt.ttl() >>> 24) << 4;
      int rcode = (flags & 15) | upper;
      return new Reply(
          flags & ~15, rcode, question, answer, authority, additional, opt, in.limit());
    }

    private List<Rr> records(int count) throws IOException {
      List<Rr> records = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String owner = new Name(name()).toString();
        int type = in.getShort() & 0xffff;
        int dclass = in.getShort() & 0xffff;
        long ttl = in.getInt() & 0xffffffffL;
        int length = in.getShort() & 0xffff;
        records.add(new Rr(owner, type, dclass, ttl, rdata(type, in.position() + length)));
      }
      return records;
    }

    private String rdata(int type, int end) throws IOException {
      StringBuilder all = new StringBuilder();
      for (char part : NAMES.getOrDefault(type, "").toCharArray()) {
        if (part == 'n') {
          all.append(HexFormat.of().formatHex(name()));
        } else {
          int from = in.position();
          int length = part == 's' ? 1 + (in.get(from) & 0xff) : part - '0';
          all.append(hex(from, from + length));
          in.position(from + length);
        }
      }
      if (in.position() > end) {
        throw new IOException("the names of a record are longer than the record");
      }
      all.append(hex(in.position(), end));
      in.position(end);
      return all.toString();
    }

    /** The octets of a name, uncompressed. */
    private byte[] name() throws IOException {
      ByteBuffer name = ByteBuffer.allocate(255);
      int back = -1;
      for (int length = in.get() & 0xff; length != 0; length = in.get() & 0xff) {
        if (length < POINTER) {
          name.put((byte) length).put(octets, in.position(), length);
          in.position(in.position() + length);
        } else {
          int to = ((length & ~POINTER) << 8) | (in.get() & 0xff);
          if (to >= in.position() - 2) {
            throw new IOException("a pointer that does not point back");
          }
          back = back < 0 ? in.position() : back;
          in.position(to);
        }
      }
      name.put((byte) 0);
      if (back >= 0) {
        in.position(back);
      }
      byte[] whole = new byte[name.flip().limit()];
      name.get(whole);
      return whole;
    }

    private String hex(int from, int to) throws IOException {
      if (to > in.limit()) {
        throw new IOException("cut short");
      }
      return HexFormat.of().formatHex(octets, from, to);
    }
  }

  @Override
  public String toString() {
    String records =
        Stream.of(answer, authority, additional)
            .map(
                section ->
                    section.stream()
                        .limit(SHOWN)
                        .map(record -> "\n      " + record)
                        .collect(Collectors.joining("", "\n    --", "")))
            .collect(Collectors.joining());
    return Rcode.string(rcode)
        + " flags "
        + Integer.toHexString(flags)
        + (opt == null ? "" : " OPT " + opt)
        + " "
        + size
        + " octets"
        + records;
  }
}
