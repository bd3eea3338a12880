package resolver.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The manual pages: for each command what {@code --help} says, in the language of man(7). Run when
 * a package is built; no command uses it.
 */
final class ManPages {
  private final String version;
  private final String date;

  private ManPages(String version, String date) {
    this.version = version;
    this.date = date;
  }

  /**
   * Writes a file for each command into a folder.
   *
   * @param args the folder, the version and the date that the pages tell
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    for (Map.Entry<String, String> page : all(args[1], args[2]).entrySet()) {
      Files.writeString(folder.resolve(page.getKey()), page.getValue());
    }
  }

  /** All pages by the names of their files. */
  static Map<String, String> all(String version, String date) {
    ManPages pages = new ManPages(version, date);
    CommandSpec root = Commands.whole(Surroundings.ofProcess()).getCommandSpec();
    Map<String, String> all = new TreeMap<>();
    all.put("resolve.1", pages.page(root));
    root.subcommands()
        .forEach(
            (name, command) -> {
              if (!name.equals("help")) {
                all.put("resolve-" + name + ".1", pages.page(command.getCommandSpec()));
              }
            });
    return all;
  }

  private String page(CommandSpec command) {
    UsageMessageSpec usage = command.usageMessage();
    String name = command.qualifiedName("-");
    StringBuilder out = new StringBuilder();
    out.append(".TH \"").append(text(name.toUpperCase(Locale.ROOT))).append("\" 1 \"");
    out.append(date).append("\" \"resolver ").append(version).append("\" \"User commands\"\n");
    // Commands are to be copied as they stand: neither hyphens nor spaces are to be made nicer.
    out.append(".nh\n.ad l\n");
    heading(out, "Name");
    String header = String.join(" ", usage.header());
    line(out, text(name) + " \\- " + text(header.replaceFirst("\\.$", "")));
    heading(out, "Synopsis");
    verbatim(out, synopsis(command));
    heading(out, "Description");
    paragraphs(out, usage.description());
    if (!command.positionalParameters().isEmpty()) {
      heading(out, "Arguments");
      command.positionalParameters().forEach(positional -> argument(out, positional));
    }
    heading(out, "Options");
    command.options().stream().filter(o -> !o.hidden()).forEach(option -> option(out, option));
    commands(out, command);
    if (!usage.exitCodeList().isEmpty()) {
      heading(out, "Exit status");
      usage.exitCodeList().forEach((code, meaning) -> item(out, "\\fB" + code + "\\fR", meaning));
    }
    if (usage.footer().length > 0) {
      heading(out, plain(usage.footerHeading()).strip().replaceFirst(":$", ""));
      verbatim(out, usage.footer());
    }
    seeAlso(out, command);
    return out.toString();
  }

  private static String[] synopsis(CommandSpec command) {
    String[] custom = command.usageMessage().customSynopsis();
    return custom.length > 0
        ? custom
        : command.commandLine().getHelp().synopsis(0).lines().toArray(String[]::new);
  }

  private static void argument(StringBuilder out, PositionalParamSpec positional) {
    if (!positional.hidden()) {
      item(out, "\\fI" + text(positional.paramLabel()) + "\\fR", description(positional));
    }
  }

  private static void option(StringBuilder out, OptionSpec option) {
    StringBuilder term = new StringBuilder();
    for (String name : option.names()) {
      term.append(term.isEmpty() ? "" : ", ").append("\\fB").append(text(name)).append("\\fR");
    }
    if (option.arity().max() > 0) {
      term.append("=\\fI").append(text(option.paramLabel())).append("\\fR");
    }
    item(out, term.toString(), description(option));
  }

  private static String description(ArgSpec argument) {
    String written = String.join(" ", argument.description());
    Iterable<String> candidates = argument.completionCandidates();
    return written
        .replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue()))
        .replace(
            "${COMPLETION-CANDIDATES}", candidates == null ? "" : String.join(", ", candidates));
  }

  private static void commands(StringBuilder out, CommandSpec command) {
    if (command.subcommands().isEmpty()) {
      return;
    }
    heading(out, "Commands");
    command
        .subcommands()
        .forEach(
            (name, sub) ->
                item(
                    out,
                    "\\fB" + text(name) + "\\fR",
                    String.join(" ", sub.getCommandSpec().usageMessage().header())));
  }

  private static void seeAlso(StringBuilder out, CommandSpec command) {
    heading(out, "See also");
    if (command.parent() != null) {
      line(out, "\\fBresolve\\fR(1), \\fBresolver\\-use\\fR(8)");
      return;
    }
    StringBuilder names = new StringBuilder();
    for (String name : command.subcommands().keySet()) {
      if (!name.equals("help")) {
        names.append("\\fBresolve\\-").append(text(name)).append("\\fR(1), ");
      }
    }
    line(out, names + "\\fBresolver\\-use\\fR(8)");
  }

  private static void heading(StringBuilder out, String name) {
    out.append(".SH ").append(text(name.toUpperCase(Locale.ROOT))).append('\n');
  }

  private static void item(StringBuilder out, String term, String description) {
    out.append(".TP\n").append(term).append('\n');
    line(out, text(description));
  }

  private static void paragraphs(StringBuilder out, String... paragraphs) {
    for (String paragraph : paragraphs) {
      out.append(".PP\n");
      line(out, text(paragraph));
    }
  }

  private static void verbatim(StringBuilder out, String... lines) {
    out.append(".nf\n");
    Arrays.stream(lines).forEach(l -> line(out, text(l)));
    out.append(".fi\n");
  }

  /** A line that begins with a dot or an apostrophe would be a request. */
  private static void line(StringBuilder out, String line) {
    if (line.startsWith(".") || line.startsWith("'")) {
      out.append("\\&");
    }
    out.append(line).append('\n');
  }

  private static String text(String marked) {
    return plain(marked).replace("\\", "\\e").replace("-", "\\-").replace("\n", " ");
  }

  /** Without the marks of the parser's library for bold and the like, and with its breaks. */
  private static String plain(String marked) {
    return Ansi.OFF.string(marked.replace("%n", "\n").replace("%%", "%"));
  }
}
