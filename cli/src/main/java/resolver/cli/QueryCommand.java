package resolver.cli;

import picocli.CommandLine.Command;

/** {@code resolve query}: the same as {@code resolve}, for a name that is spelt like a command. */
@Command(
    name = "query",
    header = "Look a name up, even one that is spelt like a command.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    customSynopsis = "@|bold resolve query|@ [OPTIONS] NAME [TYPE...] [@SERVER[:PORT]]",
    descriptionHeading = "%n",
    description = {
      "Looks a name up, as resolve without a command does, even where the name is spelt like a"
          + " command: resolve query serve."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes (of several questions the worst counts):%n",
    exitCodeList = {
      "0:answered; NXDOMAIN and NODATA are answers, too",
      "1:with --fail: NXDOMAIN or NODATA",
      "2:the command line or the settings are wrong",
      "3:SERVFAIL, REFUSED or another RCODE that tells of a failure",
      "9:no reply",
      "10:a defect of this program"
    },
    footerHeading =
        "%nThe fields of --json, schema 1 (fields may be added; others keep their meaning):%n",
    footer = {
      "  schema                    1",
      "  name                      the name asked for, absolute",
      "  exitCode                  what the command ends with",
      "  replies[]                 one for each question, in the order of the types",
      "    question                name, type, typeNumber, class",
      "    outcome                 answer, nodata, nxdomain, referral, failure or no-reply",
      "    source.kind             daemon, process (resolved in this process) or server (@SERVER)",
      "    source.where            its address and port; for process: the upstream servers",
      "    source.note             for process: why; else empty",
      "    milliseconds            how long it took",
      "    problem                 why there is no reply, in words; empty where there is one",
      "    response                null where there is none",
      "      status, rcode         the RCODE as a mnemonic and as a number",
      "      transport             udp, tcp, or null for process",
      "      octets                the size of the message",
      "      flags                 aa, tc, rd, ra, ad, cd: true or false",
      "      answer[], authority[], additional[]",
      "                            name, type, typeNumber, class, ttl (seconds), data (as in a zone",
      "                            file), octets (the data in hexadecimal); without the OPT record",
      "      negativeTtl           for how many seconds nodata or nxdomain holds, or null",
      "      extendedErrors[]      code, meaning, text (RFC 8914)"
    })
final class QueryCommand extends QueryOptions {
  QueryCommand(Surroundings surroundings) {
    super(surroundings);
  }
}
