package resolver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import resolver.query.Answer;
import resolver.query.Question;

/**
 * Any octets as a hosts file: what it says of any word in it are messages with records of the type
 * and name asked, every address leads back to a name, and problems can be shown without harm.
 */
public final class HostsFuzz {
  private static final int MOST_WORDS = 200;

  private HostsFuzz() {}

  /** Tries one input. */
  public static void fuzzerTestOneInput(byte[] data) {
    HostsReader.Read read = HostsReader.read(data, "/etc/hosts");
    for (String problem : read.problems()) {
      assertThat(problem.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
      assertThat(problem.length()).isLessThan(200);
    }
    HostsTable table = read.table();
    Set<Name> found = new HashSet<>();
    String text = new String(data, StandardCharsets.ISO_8859_1);
    List<String> words = List.of(text.split("[\\s\\x1c-\\x1f#]+"));
    for (Name word : names(words)) {
      for (int type : new int[] {Type.A, Type.AAAA, Type.HTTPS, Type.PTR, Type.TXT}) {
        Message message = ask(table, word, type);
        if (message != null && type != Type.PTR) {
          found.add(word);
          assertThat(type).isIn(Type.A, Type.AAAA, Type.HTTPS);
          assertAddressesLeadBack(table, message);
        }
      }
    }
    assertThat(table.size()).isGreaterThanOrEqualTo(found.size());
    if (words.size() <= MOST_WORDS) {
      assertThat(table.size()).isEqualTo(found.size());
    }
  }

  private static Set<Name> names(List<String> words) {
    Set<Name> names = new HashSet<>();
    words.stream().limit(MOST_WORDS).forEach(word -> addName(names, word));
    return names;
  }

  private static void addName(Set<Name> names, String word) {
    try {
      names.add(Name.fromString(word, Name.root));
    } catch (TextParseException e) {
      // No name, so nobody can ask for it.
    }
  }

  private static @Nullable Message ask(HostsTable table, Name name, int type) {
    Question question = Question.of(name.toWire(), type, 1, false);
    Answer answer = table.answer(question);
    if (answer == null) {
      return null;
    }
    assertThat(answer.rcode()).isEqualTo(Rcode.NOERROR);
    Message message = message(question, answer);
    List<Record> records = message.getSection(Section.ANSWER);
    assertThat(records).hasSizeLessThanOrEqualTo(100);
    for (Record record : records) {
      assertThat(record.getName()).isEqualTo(name);
      assertThat(record.getType()).isEqualTo(type).isNotEqualTo(Type.HTTPS);
    }
    assertThat(records.isEmpty()).isEqualTo(!message.getSection(Section.AUTHORITY).isEmpty());
    return message;
  }

  private static void assertAddressesLeadBack(HostsTable table, Message message) {
    for (Record record : message.getSection(Section.ANSWER)) {
      byte[] address =
          record instanceof ARecord four
              ? four.getAddress().getAddress()
              : ((AAAARecord) record).rdataToWireCanonical();
      Message back = ask(table, ReverseMap.fromAddress(address), Type.PTR);
      assertThat(back).as("the name of an address").isNotNull();
    }
  }

  private static Message message(Question question, Answer answer) {
    ByteBuf whole = Unpooled.buffer();
    whole.writeInt(0).writeShort(1).writeShort(answer.image(false).answers());
    whole.writeShort(answer.image(false).authorities());
    whole.writeShort(answer.image(false).additionals());
    whole.writeBytes(question.name()).writeShort(question.type()).writeShort(1);
    answer.image(false).writeTo(whole, 0);
    byte[] octets = new byte[whole.readableBytes()];
    whole.readBytes(octets);
    try {
      return new Message(octets);
    } catch (IOException e) {
      throw new AssertionError("an answer that is no message", e);
    }
  }
}
