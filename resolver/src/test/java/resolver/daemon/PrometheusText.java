package resolver.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reading of metrics in the text format of Prometheus, checked: each family is one block, has its
 * type and a help text before its samples, no series comes twice, and histograms add up.
 *
 * @param types of the families
 * @param samples by name and labels as they are written
 */
record PrometheusText(Map<String, String> types, Map<String, Double> samples) {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\",?)*\\})? (\\S+)");

  static PrometheusText parse(String text) {
    assertThat(text).endsWith("\n").doesNotContain("\r");
    PrometheusText parsed = new PrometheusText(new LinkedHashMap<>(), new LinkedHashMap<>());
    Set<String> helped = new HashSet<>();
    String family = "";
    for (String line : text.split("\n")) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# HELP ")) {
        assertThat(helped.add(words[2])).as("two blocks: " + line).isTrue();
        assertThat(words[3]).as(line).isNotBlank();
      } else if (line.startsWith("# TYPE ")) {
        family = words[2];
        assertThat(helped).as("help before type").contains(family);
        assertThat(words[3]).isIn("counter", "gauge", "histogram");
        assertThat(parsed.types.put(family, words[3])).as("two blocks: " + line).isNull();
      } else {
        parsed.sample(family, line);
      }
    }
    parsed.checkHistograms();
    return parsed;
  }

  private void sample(String family, String line) {
    Matcher matcher = SAMPLE.matcher(line);
    assertThat(matcher.matches()).as(line).isTrue();
    String name = matcher.group(1);
    String type = types.get(family);
    assertThat(type).as("a sample before its family: " + line).isNotNull();
    if (String.valueOf(type).equals("histogram")) {
      assertThat(name).isIn(family + "_bucket", family + "_sum", family + "_count");
    } else {
      assertThat(name).isEqualTo(family);
    }
    if (String.valueOf(type).equals("counter")) {
      assertThat(name).endsWith("_total");
    }
    double value = Double.parseDouble(matcher.group(3));
    assertThat(value).as(line).isNotNaN().isNotNegative();
    String labels = matcher.group(2) == null ? "" : matcher.group(2);
    assertThat(samples.put(name + labels, value)).as("twice: " + line).isNull();
  }

  private void checkHistograms() {
    Map<String, Double> before = new LinkedHashMap<>();
    samples.forEach(
        (series, value) -> {
          int le = series.indexOf("le=\"");
          if (le >= 0) {
            String rest = series.substring(0, le);
            assertThat(value).as(series).isGreaterThanOrEqualTo(before.getOrDefault(rest, 0.0));
            before.put(rest, value);
          }
        });
    before.forEach(
        (bucket, most) -> {
          String count = bucket.replace("_bucket{", "_count{").replaceFirst("[,{]$", "");
          String whole = count.contains("{") ? count + "}" : count;
          assertThat(samples.get(whole)).as(whole).isEqualTo(most);
        });
  }

  /** Whether a series may never fall. */
  boolean grows(String series) {
    String name = series.replaceFirst("\\{.*", "");
    return String.valueOf(types.get(name)).equals("counter")
        || String.valueOf(types.get(name.replaceFirst("_(bucket|sum|count)$", "")))
            .equals("histogram");
  }

  double get(String series) {
    Double value = samples.get(series);
    if (value == null) {
      throw new AssertionError("no series " + series + " among " + samples.keySet());
    }
    return value;
  }
}
