package resolver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import resolver.fixtures.Answers;
import resolver.fixtures.DnsClient;
import resolver.query.Answer;
import resolver.query.Question;

/**
 * An answer as text.
 *
 * @param rcode as a word
 * @param answer the records of the answer section: owner, TTL, type, data
 * @param authority those of the authority section
 * @param why the texts of the extended errors
 */
record Told(String rcode, List<String> answer, List<String> authority, List<String> why) {
  static Told of(Question question, @Nullable Answer answer) {
    assertThat(answer).as("%s", question).isNotNull();
    Answer there = Objects.requireNonNull(answer);
    Message message = message(question, there);
    return new Told(
        Rcode.string(there.rcode()),
        lines(message, Section.ANSWER),
        lines(message, Section.AUTHORITY),
        there.errors().stream().map(error -> error.text()).toList());
  }

  /** The answer as a client gets it. */
  static Message message(Question question, Answer answer) {
    Message head = new Message(0);
    head.addRecord(
        Record.newRecord(
            Answers.name(Answers.nameOf(question)), question.type(), question.dnsClass()),
        Section.QUESTION);
    byte[] octets = head.toWire();
    octets[7] = (byte) answer.image(false).answers();
    octets[9] = (byte) answer.image(false).authorities();
    ByteBuf whole = Unpooled.buffer().writeBytes(octets);
    answer.image(false).writeTo(whole, 0);
    byte[] all = new byte[whole.readableBytes()];
    whole.readBytes(all);
    return DnsClient.parse(all);
  }

  private static List<String> lines(Message message, int section) {
    return message.getSection(section).stream()
        .map(
            record ->
                record.getName()
                    + " "
                    + record.getTTL()
                    + " "
                    + org.xbill.DNS.Type.string(record.getType())
                    + " "
                    + record.rdataToString())
        .toList();
  }
}
