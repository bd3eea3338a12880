package resolver.cli;

import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Records in aligned columns: name, TTL in seconds, type, data. */
final class Table {
  private static final String GAP = "  ";

  private Table() {}

  static List<String> lines(List<Record> records, Paint paint) {
    int name = 0;
    int ttl = 0;
    int type = 0;
    for (Record record : records) {
      name = Math.max(name, Records.name(record.getName()).length());
      ttl = Math.max(ttl, Long.toString(record.getTTL()).length());
      type = Math.max(type, Type.string(record.getType()).length());
    }
    List<String> lines = new ArrayList<>();
    for (Record record : records) {
      lines.add(
          paint.name(pad(Records.name(record.getName()), name))
              + GAP
              + paint.faint(" ".repeat(ttl - digits(record)) + record.getTTL())
              + GAP
              + paint.type(pad(Type.string(record.getType()), type))
              + GAP
              + Records.data(record));
    }
    return lines;
  }

  private static int digits(Record record) {
    return Long.toString(record.getTTL()).length();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
