package resolver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resolver.fixtures.Answers;
import resolver.query.Answer;
import resolver.query.Question;

class HostsReaderTest {
  @Test
  void addressesAndNamesAreFoundBothWays() {
    HostsTable table =
        good(
            """
            192.0.2.9   nas.office.example  nas   # the shelf
            2001:db8::9 nas.office.example nas
            """);
    for (String name : List.of("nas", "NAS.office.example")) {
      assertThat(told(table, name, "A").answer())
          .containsExactly(Answers.nameOf(Answers.question(name, "A")) + " 60 A 192.0.2.9");
      assertThat(told(table, name, "AAAA").answer().get(0)).endsWith(" AAAA 2001:db8:0:0:0:0:0:9");
    }
    assertThat(told(table, "9.2.0.192.in-addr.arpa", "PTR").answer())
        .as("the first name is the canonical one")
        .containsExactly("9.2.0.192.in-addr.arpa. 60 PTR nas.office.example.");
    assertThat(told(table, "9." + "0.".repeat(23) + "8.b.d.0.1.0.0.2.ip6.arpa", "PTR").answer())
        .hasSize(1);
    assertThat(told(table, "nas", "A").why()).containsExactly("from /etc/hosts");
    assertThat(table.size()).isEqualTo(2);
  }

  @Test
  void aNameMayHaveSeveralAddressesEachOnce() {
    HostsTable table = good("192.0.2.1 a\n192.0.2.2 a\n192.0.2.1 a a\n2001:db8::1 a\n");
    assertThat(told(table, "a", "A").answer())
        .containsExactly("a. 60 A 192.0.2.1", "a. 60 A 192.0.2.2");
    assertThat(told(table, "a", "AAAA").answer()).hasSize(1);
  }

  @Test
  void aNameOfOneFamilyHasNoneOfTheOtherAndNoHints() {
    HostsTable table = good("0.0.0.0 ads.example\n");
    for (String type : List.of("AAAA", "HTTPS")) {
      Told told = told(table, "ads.example", type);
      assertThat(told.rcode()).isEqualTo("NOERROR");
      assertThat(told.answer()).isEmpty();
      assertThat(told.authority().get(0)).startsWith("ads.example. 60 SOA");
    }
  }

  @Test
  void allElseIsLeftToDns() {
    HostsTable table = good("192.0.2.9 nas.example\n");
    for (String type : List.of("MX", "TXT", "NS", "SVCB", "PTR", "CNAME")) {
      assertThat(table.answer(Answers.question("nas.example", type))).isNull();
    }
    assertThat(table.answer(Answers.question("x.nas.example", "A"))).isNull();
    assertThat(table.answer(Answers.question("example", "A"))).isNull();
    assertThat(table.answer(Answers.question("8.2.0.192.in-addr.arpa", "PTR"))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "192.0.2 nas | line 1: \"192.0.2\" is no IP address: left out",
        "nas 192.0.2.1 | line 1: \"nas\" is no IP address: left out",
        "fe80::1%lo nas | line 1: \"fe80::1%lo\" is no IP address: left out",
        "[::1] nas | line 1: \"[::1]\" is no IP address: left out",
        "192.0.2.1 | line 1: \"192.0.2.1\" has no name behind it: left out",
        "192.0.2.1 # nas | line 1: \"192.0.2.1\" has no name behind it: left out",
        "192.0.2.1 a..b | line 1: \"a..b\" is no host name: left out",
        "192.0.2.1 .a | line 1: \".a\" is no host name: left out",
        "192.0.2.1 . | line 1: \".\" is no host name: left out",
        "192.0.2.1 *.a | line 1: \"*.a\" is no host name: left out",
        "192.0.2.1 a\\b | line 1: \"a\\b\" is no host name: left out",
        "192.0.2.1 b\u00fccher | line 1: \"b?cher\" is no host name: left out",
        "a\u001b[31m nas | line 1: \"a?[31m\" is no IP address: left out",
      })
  void whatCannotBeReadIsToldWithItsLine(String line, String problem) {
    assertThat(read(line).problems()).containsExactly(problem);
  }

  @Test
  void theRestOfALineAndOfTheFileHolds() {
    HostsReader.Read read =
        read(
            "\u00ef\u00bb\u00bf192.0.2.1 ok bad..name fine.\r\n\r\n\t\n#\nrubbish\n192.0.2.2\tlast");
    assertThat(read.problems())
        .containsExactly(
            "line 1: \"bad..name\" is no host name: left out",
            "line 5: \"rubbish\" is no IP address: left out");
    for (String name : List.of("ok", "fine", "last")) {
      assertThat(told(read.table(), name, "A").answer()).hasSize(1);
    }
  }

  @Test
  void labelsAndNamesHaveTheirLimits() {
    String label = "x".repeat(63);
    String longest = (label + ".").repeat(3) + "y".repeat(61);
    HostsReader.Read read =
        read("192.0.2.1 %s %s %sx %sy\n".formatted(label, longest, label, longest));
    assertThat(read.problems()).hasSize(2);
    assertThat(told(read.table(), label, "A").answer()).hasSize(1);
    assertThat(told(read.table(), longest, "AAAA").authority()).hasSize(1);
  }

  @Test
  void hugeLinesAreReadAndAddressesOfOneNameBounded() {
    StringBuilder text = new StringBuilder("192.0.2.1");
    for (int i = 0; i < 100_000; i++) {
      text.append(" n").append(i).append(".example");
    }
    text.append('\n');
    for (int i = 0; i < 300; i++) {
      text.append("198.51.").append(i / 256).append('.').append(i % 256).append(" many\n");
    }
    text.append("z".repeat(1_000_000));
    HostsReader.Read read = read(text.toString());
    assertThat(read.table().size()).isEqualTo(100_001);
    assertThat(told(read.table(), "n99999.example", "A").answer()).hasSize(1);
    assertThat(told(read.table(), "many", "A").answer()).hasSize(100);
    assertThat(read.problems()).hasSize(201);
    assertThat(read.problems().get(200)).hasSizeLessThan(100);
  }

  @Test
  void anyOctetsAtAllCanBeRead() {
    Random random = new Random(5);
    for (int round = 0; round < 500; round++) {
      byte[] text = new byte[random.nextInt(2000)];
      random.nextBytes(text);
      for (int i = 0; i < text.length; i++) {
        if (random.nextInt(3) > 0) {
          text[i] = (byte) "1.: \n#a-f0x".charAt(random.nextInt(11));
        }
      }
      HostsReader.read(text, "seed 5, round " + round);
    }
  }

  private static Told told(HostsTable table, String name, String type) {
    Question question = Answers.question(name, type);
    @Nullable Answer answer = table.answer(question);
    return Told.of(question, answer);
  }

  private static HostsTable good(String text) {
    HostsReader.Read read = read(text);
    assertThat(read.problems()).isEmpty();
    return read.table();
  }

  private static HostsReader.Read read(String text) {
    return HostsReader.read(text.getBytes(StandardCharsets.ISO_8859_1), "/etc/hosts");
  }
}
