package resolver.policy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * A record of the settings: one in master-file notation (RFC 1035 section 5.1). A name without a
 * last dot is absolute too; TTL and class may be missing. Two are equal that are written alike.
 */
public final class LocalRecord {
  /** Short, for what the settings say may change while clients keep it. */
  private static final int TTL = 300;

  private static final String EXPECTED =
      "a record as in a zone file, such as \"nas.example.org 300 IN A 192.0.2.9\"";

  private final String text;
  private final Record record;

  private LocalRecord(String text, Record record) {
    this.text = text;
    this.record = record;
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException where it is none; the message says what is expected
   */
  public static LocalRecord parse(String text) {
    String written = text.strip();
    return new LocalRecord(written, read(written));
  }

  /** The record as it was written. */
  public String text() {
    return text;
  }

  /** What the text says. */
  Record record() {
    return record;
  }

  private static Record read(String text) {
    if (text.startsWith("$")) {
      throw new IllegalArgumentException(EXPECTED + ", no directive");
    }
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    try (Master parser = new Master(new ByteArrayInputStream(octets), Name.root, TTL)) {
      parser.disableIncludes();
      Record record = parser.nextRecord();
      if (record == null) {
        throw new IllegalArgumentException(EXPECTED);
      }
      if (parser.nextRecord() != null) {
        throw new IllegalArgumentException(EXPECTED + ", one for each text");
      }
      refuseWhatCannotBeServed(record);
      return record;
    } catch (IOException e) {
      throw new IllegalArgumentException(EXPECTED + "; " + reason(e), e);
    }
  }

  private static void refuseWhatCannotBeServed(Record record) {
    int type = record.getType();
    // Types for queries and for messages stand in no zone (RFC 6895 section 3.1).
    if (type == 0 || type == Type.OPT || (type >= 128 && type <= 255)) {
      throw new IllegalArgumentException("a record of a type that a zone may have");
    }
    if (type == Type.DNAME) {
      throw new IllegalArgumentException(
          "another type than DNAME, which is not supported here; a wildcard may do");
    }
    if (record.getDClass() != DClass.IN) {
      throw new IllegalArgumentException("a record of class IN");
    }
    for (byte octet : record.getName().toWire()) {
      if (octet < 0) {
        throw new IllegalArgumentException(
            "an owner name in ASCII; of other letters, the form that begins with xn--");
      }
    }
  }

  /** What the parser says, without the place, which is always line 1 of a file without a name. */
  private static String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.substring(message.indexOf(": ") + (message.contains(": ") ? 2 : 1));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LocalRecord that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
