package resolver.cli;

import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Replies for people ({@link #full}) and for scripts ({@link #data}). */
final class Output {
  private Output() {}

  /**
   * The records of all answers as one table, each once however many answers have it, and below it
   * the status lines.
   */
  static void full(List<Reply> replies, PrintStream out, Paint paint) {
    Set<Record> records = new LinkedHashSet<>();
    for (Reply reply : replies) {
      records.addAll(reply.section(Section.ANSWER));
      if (Outcome.of(reply) == Outcome.REFERRAL) {
        records.addAll(reply.section(Section.AUTHORITY));
      }
    }
    Table.lines(List.copyOf(records), paint).forEach(out::println);
    new StatusLines(replies, paint).lines().forEach(out::println);
  }

  /** The data of the records of the types asked for, a line for each, and nothing else. */
  static void data(List<Reply> replies, PrintStream out) {
    Set<String> lines = new LinkedHashSet<>();
    for (Reply reply : replies) {
      reply.data().forEach(record -> lines.add(Records.data(record)));
    }
    lines.forEach(out::println);
  }

  /** Why there is no reply, and what to do; a line for each reason. */
  static void problems(List<Reply> replies, PrintStream err) {
    Set<String> lines = new LinkedHashSet<>();
    for (Reply reply : replies) {
      if (reply.received() == null) {
        lines.add("resolve: " + Safe.text(problem(reply)));
      }
    }
    lines.forEach(err::println);
  }

  private static String problem(Reply reply) {
    Source source = reply.source();
    String where = source.where();
    String why = ": " + reply.problem();
    return switch (source.kind()) {
      case SERVER -> "no reply from " + where + why;
      case DAEMON ->
          "no reply from the daemon at "
              + where
              + why
              + " (look at its log, or ask another server: @SERVER)";
      case PROCESS ->
          "no answer in this process, "
              + where
              + why
              + " (wait longer with --timeout, or ask another server: @SERVER)";
    };
  }
}
