package resolver.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What came of one question.
 *
 * @param question what was asked
 * @param source who was asked
 * @param nanos how long it took
 * @param received the response; null where none came, and then there is a problem
 * @param problem why there is no response, in words; empty where there is one
 */
record Reply(
    Record question, Source source, long nanos, @Nullable Received received, String problem) {

  /**
   * A response.
   *
   * @param message the response itself
   * @param octets its size
   * @param transport how it came: UDP, TCP, TCP after a truncated UDP response, or empty
   * @param nanos from the first query to the response
   */
  record Received(Message message, int octets, String transport, long nanos) {}

  /** What an SOA says about how long a negative answer may be kept (RFC 2308 section 5). */
  record Negative(long ttl, Name zone) {}

  static Reply of(Record question, Source source, Received received) {
    return new Reply(question, source, received.nanos(), received, "");
  }

  static Reply none(Record question, Source source, long nanos, String problem) {
    return new Reply(question, source, nanos, null, problem);
  }

  /** The records of a section; empty where there is no response. */
  List<Record> section(int section) {
    return received == null ? List.of() : received.message().getSection(section);
  }

  /** The records of the answer section that are of the type asked for. */
  List<Record> data() {
    int type = question.getType();
    return section(Section.ANSWER).stream()
        .filter(record -> type == Type.ANY || record.getType() == type)
        .toList();
  }

  /** Where the chain of CNAMEs that begins at the name asked for ends. */
  Name target() {
    Name name = question.getName();
    List<Record> answer = section(Section.ANSWER);
    for (int links = 0; links < answer.size(); links++) {
      Name here = name;
      name =
          answer.stream()
              .filter(r -> r.getType() == Type.CNAME && r.getName().equals(here))
              .map(r -> ((CNAMERecord) r).getTarget())
              .findFirst()
              .orElse(here);
      if (name.equals(here)) {
        break;
      }
    }
    return name;
  }

  /** The SOA of a negative answer; null where it has none. */
  @Nullable Negative negative() {
    for (Record record : section(Section.AUTHORITY)) {
      if (record instanceof SOARecord soa) {
        return new Negative(Math.min(soa.getTTL(), soa.getMinimum()), soa.getName());
      }
    }
    return null;
  }
}
