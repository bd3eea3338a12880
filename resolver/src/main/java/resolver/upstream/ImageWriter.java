package resolver.upstream;

import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Compression;
import org.xbill.DNS.DNSOutput;
import org.xbill.DNS.Name;
import resolver.query.Question;
import resolver.wire.ResponseImage;

/** Renders records behind a question, as the image that clients are answered from. */
final class ImageWriter {
  private final Question question;
  private final List<List<Entry>> sections =
      List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

  private record Entry(WireRecord record, long ttl) {}

  ImageWriter(Question question) {
    this.question = question;
  }

  /**
   * Adds a record.
   *
   * @param section 1 for answer, 2 for authority, 3 for additional
   * @param ttl its TTL, in seconds
   */
  void add(int section, WireRecord record, long ttl) {
    sections.get(section - 1).add(new Entry(record, ttl));
  }

  /**
   * The image.
   *
   * @throws IllegalArgumentException where the records do not fit into a message
   */
  ResponseImage image() {
    if (sections.stream().allMatch(List::isEmpty)) {
      return ResponseImage.EMPTY;
    }
    DNSOutput out = new DNSOutput();
    Compression places = new Compression();
    out.writeU32(0);
    out.writeU16(1);
    sections.forEach(section -> out.writeU16(section.size()));
    QueryRenderer.nameOf(question).toWire(out, places);
    out.writeU16(question.type());
    out.writeU16(question.dnsClass());
    for (List<Entry> section : sections) {
      for (Entry entry : section) {
        write(out, places, entry);
      }
    }
    return ResponseImage.of(out.toByteArray());
  }

  private static void write(DNSOutput out, Compression places, Entry entry) {
    WireRecord record = entry.record();
    record.owner().toWire(out, places);
    out.writeU16(record.type());
    out.writeU16(record.dnsClass());
    out.writeU32(entry.ttl());
    int lengthAt = out.current();
    out.writeU16(0);
    DataLayout layout = DataLayout.of(record.type());
    if (layout == null || !layout.compressible()) {
      out.writeByteArray(record.data());
    } else {
      writeCompressed(out, places, record, layout.before());
    }
    out.writeU16At(out.current() - lengthAt - 2, lengthAt);
  }

  private static void writeCompressed(
      DNSOutput out, Compression places, WireRecord record, int before) {
    int uncompressed = before;
    out.writeByteArray(record.data(), 0, before);
    for (Name name : record.names()) {
      name.toWire(out, places);
      uncompressed += name.length();
    }
    out.writeByteArray(record.data(), uncompressed, record.data().length - uncompressed);
  }
}
