package resolver.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSInput;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.wire.Octets;

/**
 * The records of a message in the form of a zone file. Data that cannot be read as what their type
 * says, for nobody on the way has to understand them, are told as octets (RFC 3597 section 5).
 */
final class RecordTexts {
  private static final int HEADER = 12;
  private static final int QUESTION_TAIL = 4;

  /** A type for private use (RFC 6895 section 3.1), the data of which nobody takes apart. */
  private static final int OPAQUE = 65280;

  /** Of a message with more records and a bad one among them, all are told as octets. */
  private static final int MOST_TRIED = 100;

  private RecordTexts() {}

  /**
   * The records of the answer and the authority section.
   *
   * @param message a header, one question, and whole records; their data may be anything
   * @throws IllegalStateException where the records are not whole
   */
  static List<String> of(byte[] message) {
    return read(message).orElseGet(() -> each(message));
  }

  /** All at once, or nothing where one of them cannot be read. */
  private static Optional<List<String>> read(byte[] message) {
    try {
      Message read = new Message(message);
      return Optional.of(
          Stream.of(Section.ANSWER, Section.AUTHORITY)
              .flatMap(section -> read.getSection(section).stream())
              .map(RecordTexts::text)
              .toList());
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static String text(Record record) {
    return record.toString().replaceAll("\t+", " ");
  }

  /**
   * One after the other. Names in the data may lead to what stands before them, so each is read in
   * its place, between others of a type that cannot fail.
   */
  private static List<String> each(byte[] message) {
    try {
      List<Place> places = places(message);
      int told = Octets.u16(message, 6) + Octets.u16(message, 8);
      byte[] others = message.clone();
      places.forEach(place -> Octets.putU16(others, place.typeAt(), OPAQUE));
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < told; i++) {
        Place place = places.get(i);
        byte[] alone = others.clone();
        Octets.putU16(alone, place.typeAt(), Octets.u16(message, place.typeAt()));
        Optional<List<String>> all = places.size() > MOST_TRIED ? Optional.empty() : read(alone);
        texts.add(all.isPresent() ? all.get().get(i) : place.octets(message));
      }
      return texts;
    } catch (IOException e) {
      throw new IllegalStateException("records of the cache are not whole", e);
    }
  }

  /** Where a record's type stands, behind its owner's name. */
  private record Place(Name owner, int typeAt) {
    String octets(byte[] message) {
      int length = Octets.u16(message, typeAt + 8);
      String data = HexFormat.of().formatHex(message, typeAt + 10, typeAt + 10 + length);
      return String.join(
              " ",
              owner.toString(),
              Integer.toUnsignedString(Octets.i32(message, typeAt + 4)),
              DClass.string(Octets.u16(message, typeAt + 2)),
              Type.string(Octets.u16(message, typeAt)),
              "\\#",
              String.valueOf(length),
              data)
          .stripTrailing();
    }
  }

  private static List<Place> places(byte[] message) throws IOException {
    int records = Octets.u16(message, 6) + Octets.u16(message, 8) + Octets.u16(message, 10);
    int at = nameAt(message, HEADER).typeAt() + QUESTION_TAIL;
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      Place place = nameAt(message, at);
      places.add(place);
      at = place.typeAt() + 10 + Octets.u16(message, place.typeAt() + 8);
    }
    return places;
  }

  /** A name, and what stands behind it. */
  private static Place nameAt(byte[] message, int at) throws IOException {
    DNSInput in = new DNSInput(message);
    in.jump(at);
    Name owner = new Name(in);
    return new Place(owner, in.current());
  }
}
