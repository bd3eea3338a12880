package resolver.upstream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSInput;
import org.xbill.DNS.DNSOutput;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;
import resolver.wire.ExtendedError;
import resolver.wire.Octets;

/**
 * A response taken apart into its records, each in its section, and its OPT.
 *
 * @param rcode the RCODE, with the extended bits of the OPT (RFC 6891 section 6.1.3)
 * @param authentic the AD bit
 * @param authoritative the AA bit
 * @param recursive the RA bit
 * @param additionals those of the additional section, without the OPT
 * @param errors the extended errors that the server told (RFC 8914)
 */
record WireReply(
    int rcode,
    boolean authentic,
    boolean authoritative,
    boolean recursive,
    List<WireRecord> answers,
    List<WireRecord> authorities,
    List<WireRecord> additionals,
    List<ExtendedError> errors) {

  private static final int EDE = 15;
  private static final int SOA_NUMBERS = 20;

  /** What a terminal or a log may take for more than text: C0, DEL, C1, and ends of lines. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

  /**
   * Takes a message apart.
   *
   * @throws WireParseException where it ends too early, or a name is broken
   */
  static WireReply parse(byte[] message) throws WireParseException {
    return new Parser(message).reply();
  }

  /** The same without the records of other classes. */
  WireReply ofClass(int dnsClass) {
    return new WireReply(
        rcode,
        authentic,
        authoritative,
        recursive,
        ofClass(answers, dnsClass),
        ofClass(authorities, dnsClass),
        ofClass(additionals, dnsClass),
        errors);
  }

  private static List<WireRecord> ofClass(List<WireRecord> records, int dnsClass) {
    return records.stream().filter(record -> record.dnsClass() == dnsClass).toList();
  }

  /**
   * Whether it names other servers to ask, rather than saying that there is nothing, provided that
   * it has no answer (RFC 2308 section 2.2). One that can resolve would have asked them itself, and
   * one that is the authority would speak for itself (RFC 1034 section 4.3.2).
   */
  boolean namesOtherServers() {
    return !authoritative && !recursive && hasAuthority(Type.NS) && !hasAuthority(Type.SOA);
  }

  private boolean hasAuthority(int type) {
    return authorities.stream().anyMatch(record -> record.type() == type);
  }

  private static final class Parser {
    private final DNSInput in;
    private final List<ExtendedError> errors = new ArrayList<>();
    private int extendedRcode;

    Parser(byte[] message) {
      this.in = new DNSInput(message);
    }

    WireReply reply() throws WireParseException {
      in.readU16();
      int flags = in.readU16();
      int questions = in.readU16();
      int answers = in.readU16();
      int authorities = in.readU16();
      int additionals = in.readU16();
      for (int i = 0; i < questions; i++) {
        name();
        in.readU32();
      }
      List<WireRecord> answer = section(answers);
      List<WireRecord> authority = section(authorities);
      List<WireRecord> additional = section(additionals);
      int rcode = (flags & 15) | extendedRcode;
      boolean authentic = (flags & 0x20) != 0;
      boolean authoritative = (flags & 0x400) != 0;
      boolean recursive = (flags & 0x80) != 0;
      return new WireReply(
          rcode, authentic, authoritative, recursive, answer, authority, additional, errors);
    }

    private Name name() throws WireParseException {
      return new Name(in);
    }

    private List<WireRecord> section(int count) throws WireParseException {
      List<WireRecord> records = new ArrayList<>(Math.min(count, 16));
      for (int i = 0; i < count; i++) {
        Name owner = name();
        int type = in.readU16();
        int dnsClass = in.readU16();
        long ttl = in.readU32();
        int length = in.readU16();
        if (type == Type.OPT) {
          extendedRcode = (int) (ttl >>> 24) << 4;
          readOptions(in.readByteArray(length));
        } else {
          records.add(record(owner, type, dnsClass, ttl, length));
        }
      }
      return records;
    }

    private WireRecord record(Name owner, int type, int dnsClass, long ttl, int length)
        throws WireParseException {
      if (dnsClass == DClass.IN && !isLengthOfAddress(type, length)) {
        throw new WireParseException("address of " + length + " octets");
      }
      DataLayout layout = DataLayout.of(type);
      if (layout == null) {
        return new WireRecord(owner, type, dnsClass, ttl, List.of(), in.readByteArray(length));
      }
      int start = in.current();
      int end = start + length;
      skipToNames(layout);
      int before = in.current() - start;
      in.jump(start);
      DNSOutput data = new DNSOutput();
      data.writeByteArray(in.readByteArray(before));
      List<Name> names = new ArrayList<>(layout.names());
      for (int i = 0; i < layout.names(); i++) {
        Name name = name();
        name.toWire(data, null);
        names.add(name);
      }
      if (in.current() > end) {
        throw new WireParseException("data of type " + type + " ends within a name");
      }
      byte[] rest = in.readByteArray(end - in.current());
      if (type == Type.SOA && rest.length != SOA_NUMBERS) {
        throw new WireParseException("SOA with " + rest.length + " octets behind its names");
      }
      data.writeByteArray(rest);
      return new WireRecord(owner, type, dnsClass, ttl, names, data.toByteArray());
    }

    /** Addresses are looked at, here and by every client, so they must be some. */
    private static boolean isLengthOfAddress(int type, int length) {
      return switch (type) {
        case Type.A -> length == 4;
        case Type.AAAA -> length == 16;
        default -> true;
      };
    }

    private void skipToNames(DataLayout layout) throws WireParseException {
      if (layout.before() == DataLayout.NAPTR) {
        in.readU32();
        for (int i = 0; i < 3; i++) {
          in.readByteArray(in.readU8());
        }
      } else {
        in.readByteArray(layout.before());
      }
    }

    /** Reads as many extended errors as are told on, marked as the server's own words. */
    private void readOptions(byte[] options) {
      for (int at = 0; at + 4 <= options.length; ) {
        int code = Octets.u16(options, at);
        int length = Octets.u16(options, at + 2);
        int from = at + 4;
        if (code == EDE && length >= 2 && from + length <= options.length && errors.size() < 4) {
          String text = new String(options, from + 2, length - 2, StandardCharsets.UTF_8).strip();
          // A NUL at the end is allowed, and no part of the text (RFC 8914 section 2).
          String words = CONTROL.matcher(text.replace("\0", "")).replaceAll("?");
          errors.add(
              new ExtendedError(
                  Octets.u16(options, from), words.isEmpty() ? "upstream" : "upstream: " + words));
        }
        at = from + length;
      }
    }
  }
}
