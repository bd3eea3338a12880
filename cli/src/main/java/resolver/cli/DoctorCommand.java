package resolver.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import resolver.cli.doctor.Doctor;
import resolver.cli.doctor.Finding;
import resolver.settings.Spelling;

/** {@code resolve doctor}: what stands in the daemon's way on this machine. */
@Command(
    name = "doctor",
    header = "Find what stands in the daemon's way, and tell how to put it right.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve doctor|@ [OPTIONS]",
    descriptionHeading = "%n",
    description = {
      "Looks at what the settings ask of this machine: who holds the port and how to free it, whom"
          + " /etc/resolv.conf names, loops, routes, whether each upstream server responds over each"
          + " of its transports and with large responses, the clock, limits of the kernel. Needs no"
          + " daemon, and changes nothing: what it advises, you do. As root it sees more.",
      "",
      "Sends a few queries to each upstream server, and nothing to anybody else."
    },
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing is broken; there may be warnings",
      "1:something is: a line begins with FAIL",
      "2:the command line or the settings are wrong",
      "10:a defect of this program"
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  sudo resolve doctor --config /etc/resolver/resolver.toml",
      "",
      "Fields of --json: schema (1), findings[]{grade (ok, warn, fail), topic, what, fix}, exitCode."
    })
final class DoctorCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The settings file, instead of the usual one.")
  private @Nullable Path file;

  @Option(names = "--json", description = "One line of JSON for programs.")
  private boolean json;

  @Option(names = "--root", hidden = true, description = "Where the files of the system are.")
  private Path root = Path.of("/");

  DoctorCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Doctor doctor = new Doctor(root, new DoctorProber(surroundings, file));
    List<Finding> findings = doctor.look(surroundings.settings().load(file, List.of()));
    boolean fails = findings.stream().anyMatch(each -> each.grade() == Finding.Grade.FAIL);
    int code = fails ? ExitCode.UNMET : ExitCode.ANSWERED;
    if (json) {
      surroundings.out().println(toJson(findings, code));
    } else {
      Paint paint = Paint.of(Paint.When.auto, surroundings.terminal(), surroundings.environment());
      findings.forEach(each -> print(each, paint));
    }
    return code;
  }

  private void print(Finding finding, Paint paint) {
    PrintStream out = surroundings.out();
    String grade =
        switch (finding.grade()) {
          case OK -> paint.good("ok  ");
          case WARN -> paint.middling("warn");
          case FAIL -> paint.bad("FAIL");
        };
    String topic = String.format("%-11s", finding.topic());
    out.println(grade + "  " + topic + "  " + Safe.text(finding.what()));
    finding.fix().lines().forEach(line -> out.println(" ".repeat(19) + "> " + Safe.text(line)));
  }

  private static String toJson(List<Finding> findings, int code) {
    JsonWriter json = new JsonWriter().beginObject().key("schema").value(1);
    json.key("findings").beginArray();
    for (Finding each : findings) {
      json.beginObject();
      json.key("grade").value(Spelling.word(each.grade()));
      json.key("topic").value(each.topic());
      json.key("what").value(each.what());
      json.key("fix").value(each.fix());
      json.endObject();
    }
    return json.endArray().key("exitCode").value(code).endObject().toString();
  }
}
