package resolver.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lets the fuzzer search each target for some time, one after the other: {@code SECONDS FOLDER
 * [TARGET...]}. A finding ends its target's turn and is written into the folder, to be put among
 * the seeds; what was reached is kept there as well, for the next run to start from.
 */
final class FuzzRun {
  private static final String FUZZER = "com.code_intelligence.jazzer.Jazzer";

  /** Whose branches guide it. Netty does not bear its hooks. */
  private static final String WATCHED = "resolver.**:org.xbill.DNS.**:org.tomlj.**";

  /** Nothing may take so long, in seconds, not even the first input, which loads all classes. */
  private static final int TIMEOUT = 60;

  private FuzzRun() {}

  /** Ends with status 1 where anything was found. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int seconds = Integer.parseInt(args[0]);
    Path folder = Path.of(args[1]).toAbsolutePath();
    List<String> wanted =
        Arrays.stream(args).skip(2).flatMap(word -> Arrays.stream(word.split(","))).toList();
    List<String> found = new ArrayList<>();
    for (Target target : Target.values()) {
      if (wanted.isEmpty() || wanted.contains(target.word()) || wanted.contains("all")) {
        System.out.printf("fuzzing %s for %d s%n", target.word(), seconds);
        if (run(target, seconds, folder.resolve(target.word())) != 0) {
          found.add(target.word());
        }
      }
    }
    System.out.println(found.isEmpty() ? "no findings" : "findings in " + folder + ": " + found);
    System.exit(found.isEmpty() ? 0 : 1);
  }

  private static int run(Target target, int seconds, Path folder)
      throws IOException, InterruptedException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                FUZZER,
                "--target_class=" + target.type().getName(),
                "--instrumentation_includes=" + WATCHED,
                "--custom_hook_includes=" + WATCHED,
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-max_total_time=" + seconds,
                "-max_len=" + target.longest(),
                "-timeout=" + TIMEOUT,
                "-print_final_stats=1"));
    Path words = target.words();
    if (words != null) {
      command.add("-dict=" + words);
    }
    command.add(corpus.toString());
    command.add(target.seeds().toString());
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
