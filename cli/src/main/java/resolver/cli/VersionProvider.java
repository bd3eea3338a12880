package resolver.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine;

/** Version, commit and Java, from the file that the build leaves on the class path. */
final class VersionProvider implements CommandLine.IVersionProvider {
  @Override
  public String[] getVersion() throws IOException {
    Properties build = new Properties();
    try (InputStream in = Main.class.getResourceAsStream("/resolver/version.properties")) {
      if (in != null) {
        build.load(in);
      }
    }
    return new String[] {
      "resolve "
          + build.getProperty("version", "unknown")
          + " (commit "
          + build.getProperty("commit", "unknown")
          + ")",
      "Java "
          + System.getProperty("java.version")
          + " ("
          + System.getProperty("java.vendor")
          + ", "
          + System.getProperty("java.vm.name")
          + ")"
    };
  }
}
