package resolver.daemon;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.fixtures.Answers;
import resolver.query.Question;

/**
 * A response as a scenario writes it, be it one that the upstream server gives or one that a client
 * should get.
 *
 * @param flags of AA, TC and AD those that are set
 * @param errors the codes of its extended errors in order
 * @param records those of all sections, section by section
 */
record ScenarioMessage(int rcode, Set<String> flags, List<Integer> errors, List<Told> records) {
  /** The flags that scenarios speak of. */
  static final List<String> FLAGS = List.of("AA", "TC", "AD");

  private static final List<Integer> FLAG_BITS =
      List.of((int) Flags.AA, (int) Flags.TC, (int) Flags.AD);
  private static final List<String> SECTIONS = List.of("ANSWER", "AUTHORITY", "ADDITIONAL");
  private static final int NO_FLAGS_BUT_QR_RD_RA = 0x8180;

  ScenarioMessage {
    flags = new TreeSet<>(flags);
    errors = List.copyOf(errors);
    records = List.copyOf(records);
  }

  /** A record and where it stands. Its TTL is apart, for dnsjava takes none of 32 bits. */
  record Told(int section, Record record, long ttl) {
    /** Whether a line tells a record. */
    static boolean isOne(String line) {
      return SECTIONS.contains(line.strip().split("\\s+", 2)[0]);
    }

    /**
     * Reads a record: section, owner, TTL, type and data.
     *
     * @throws IllegalArgumentException where it is none
     */
    static Told parse(String line) {
      String[] words = line.strip().split("\\s+", 5);
      int section = SECTIONS.indexOf(words[0]) + 1;
      if (section == 0 || words.length < 5) {
        throw new IllegalArgumentException(
            "a record: ANSWER, AUTHORITY or ADDITIONAL, then owner, TTL, type and data");
      }
      int type = Type.value(words[3]);
      try {
        Name owner = Answers.name(words[1]);
        Record record = Record.fromString(owner, type, DClass.IN, 0, words[4], Name.root);
        return new Told(section, record, Long.parseLong(words[2]));
      } catch (IOException | RuntimeException e) {
        throw new IllegalArgumentException("a record that can be read: " + e.getMessage(), e);
      }
    }

    /** Without compression; behind the name come type and class, and then the TTL. */
    byte[] octets() {
      byte[] octets = record.toWire(section);
      ByteBuffer.wrap(octets).putInt(record.getName().length() + 4, (int) ttl);
      return octets;
    }

    @Override
    public String toString() {
      return SECTIONS.get(section - 1)
          + ' '
          + record.getName().toString(true)
          + ' '
          + ttl
          + ' '
          + Type.string(record.getType())
          + ' '
          + record.rdataToString();
    }
  }

  /** What a client got. */
  static ScenarioMessage of(Message message) {
    Set<String> flags = new TreeSet<>();
    for (int i = 0; i < FLAGS.size(); i++) {
      if (message.getHeader().getFlag(FLAG_BITS.get(i))) {
        flags.add(FLAGS.get(i));
      }
    }
    List<Told> records = new ArrayList<>();
    for (int section = Section.ANSWER; section <= Section.ADDITIONAL; section++) {
      for (Record record : message.getSection(section)) {
        if (record.getType() != Type.OPT) {
          records.add(new Told(section, record, record.getTTL()));
        }
      }
    }
    return new ScenarioMessage(message.getRcode(), flags, errorsOf(message.getOPT()), records);
  }

  private static List<Integer> errorsOf(@Nullable OPTRecord opt) {
    List<Integer> codes = new ArrayList<>();
    if (opt != null) {
      for (EDNSOption option : opt.getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR)) {
        codes.add(((ExtendedErrorCodeOption) option).getErrorCode());
      }
    }
    return codes;
  }

  /** The octets of this message as a server's reply to a question. */
  byte[] asReplyTo(Question question) {
    int head = NO_FLAGS_BUT_QR_RD_RA | (rcode & 15);
    for (String flag : flags) {
      head |= 1 << (15 - FLAG_BITS.get(FLAGS.indexOf(flag)));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    put(out, 0, head, 1, count(Section.ANSWER), count(Section.AUTHORITY));
    put(out, count(Section.ADDITIONAL) + 1);
    out.writeBytes(question.name());
    put(out, question.type(), question.dnsClass());
    records.forEach(told -> out.writeBytes(told.octets()));
    List<EDNSOption> options = new ArrayList<>();
    errors.forEach(code -> options.add(new ExtendedErrorCodeOption(code, "")));
    out.writeBytes(new OPTRecord(1232, rcode >> 4, 0, 0, options).toWire(Section.ADDITIONAL));
    return out.toByteArray();
  }

  private int count(int section) {
    return (int) records.stream().filter(told -> told.section() == section).count();
  }

  private static void put(ByteArrayOutputStream out, int... numbers) {
    for (int number : numbers) {
      out.write(number >> 8);
      out.write(number);
    }
  }

  /** As a scenario writes it. */
  @Override
  public String toString() {
    StringJoiner head = new StringJoiner(" ").add(Rcode.string(rcode));
    flags.forEach(head::add);
    errors.forEach(code -> head.add("EDE " + code));
    StringJoiner lines = new StringJoiner("\n  ").add(head.toString());
    records.forEach(told -> lines.add(told.toString()));
    return lines.toString();
  }
}
