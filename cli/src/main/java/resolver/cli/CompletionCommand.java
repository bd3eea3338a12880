package resolver.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code resolve completion}: what a shell needs to complete words. */
@Command(
    name = "completion",
    header = "Print what bash and zsh need to complete words.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    customSynopsis = "@|bold resolve completion|@",
    descriptionHeading = "%n",
    description = {
      "Prints a script for bash and zsh that completes commands, options and types of records."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(resolve completion)                 for this shell",
      "  echo 'source <(resolve completion)' >> ~/.bashrc",
      "  resolve completion > /etc/bash_completion.d/resolve"
    })
final class CompletionCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  CompletionCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    surroundings.out().print(AutoComplete.bash("resolve", Commands.whole(surroundings)));
    return ExitCode.ANSWERED;
  }
}
