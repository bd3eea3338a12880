package resolver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the README tells of the commands and of the package. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Path POSTINST = Path.of("package", "control", "postinst");

  @Test
  void everyExitCodeOfACommandIsTold() throws IOException {
    String told = find("(?s)\nExit codes: (.*?)\n\n", README);
    Map<String, CommandLine> commands = Commands.whole(Surroundings.ofProcess()).getSubcommands();
    assertThat(commands).containsKeys("lookup", "wait", "stampede");
    commands.forEach(
        (name, command) -> {
          for (String codes : command.getCommandSpec().usageMessage().exitCodeList().keySet()) {
            for (String code : codes.split(", ", -1)) {
              assertThat(told).as(name).containsPattern("\\b" + code + "\\b");
            }
            // What asks for a name has its 1 by --fail; others differ in what theirs means.
            if (codes.equals("1") && !name.equals("query")) {
              assertThat(told).contains("`" + name + "`");
            }
          }
        });
  }

  @Test
  void whereThePackageHasReloadsWaitedForIsTold() throws IOException {
    String folder = find("(?m)^drop_in=(.*/)notify-reload\\.conf$", POSTINST);
    assertThat(Files.readString(README)).contains("the package makes one itself, in `" + folder);
  }

  private static String find(String pattern, Path file) throws IOException {
    Matcher found = Pattern.compile(pattern).matcher(Files.readString(file));
    assertThat(found.find()).as("%s in %s", pattern, file).isTrue();
    return found.group(1);
  }
}
