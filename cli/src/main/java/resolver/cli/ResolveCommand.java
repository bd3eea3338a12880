package resolver.cli;

import picocli.CommandLine.Command;

/** {@code resolve} itself: asks, and is the root of the other commands. */
@Command(
    name = "resolve",
    header = "Look up names in the DNS; serve DNS.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = {
      "@|bold resolve|@ [OPTIONS] NAME [TYPE...] [@SERVER[:PORT]]",
      "       @|bold resolve|@ COMMAND [...]"
    },
    descriptionHeading = "%n",
    description = {
      "Looks names up in the DNS. Asks the daemon (resolve serve) at the first listen address of the"
          + " settings in force. Where nothing listens there, this process resolves for itself, in"
          + " the same way and with the same settings; the status line tells which of the two it was."
          + " A daemon that does not answer is never passed by in silence.",
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands (the first word alone may be one):%n",
    exitCodeListHeading = "%nExit codes (of several questions the worst counts):%n",
    exitCodeList = {
      "0:answered; NXDOMAIN and NODATA are answers, too",
      "1:with --fail: NXDOMAIN or NODATA",
      "2:the command line or the settings are wrong",
      "3:SERVFAIL, REFUSED or another RCODE that tells of a failure",
      "9:no reply",
      "10:a defect of this program"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  resolve example.org                     both kinds of addresses",
      "  resolve example.org mx txt              mail servers and texts",
      "  resolve 192.0.2.1                       the name of an address",
      "  resolve example.org @192.0.2.53         ask that server, port 53",
      "  resolve example.org @[2001:db8::53]:5300",
      "  resolve -sf example.org A || echo none  for scripts",
      "  resolve --json example.org | jq -r '.replies[].response.answer[]?.data'",
      "  resolve query serve                     a name that is spelt like a command",
      "",
      "The fields of --json are told by resolve query --help. Environment: NO_COLOR,",
      "RESOLVE_DEBUG=1 (tells what goes on inside)."
    })
final class ResolveCommand extends QueryOptions {
  ResolveCommand(Surroundings surroundings) {
    super(surroundings);
  }
}
