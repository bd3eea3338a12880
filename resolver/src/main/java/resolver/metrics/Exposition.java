package resolver.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** All metrics as text: in the format of Prometheus, or as OpenMetrics for those who take it. */
final class Exposition {
  private static final ExpositionFormatWriter TEXT = PrometheusTextFormatWriter.create();
  private static final ExpositionFormatWriter OPEN = new OpenMetricsTextFormatWriter(false, false);

  private Exposition() {}

  /**
   * A reading of all metrics.
   *
   * @param accept the media types that the asker takes
   */
  static Page of(Subject subject, String accept) {
    Families families = new Families();
    LedgerMetrics.tell(subject.ledger(), families);
    StateMetrics.tell(subject, families);
    MachineMetrics.tell(subject, families);
    boolean open = accept.toLowerCase(Locale.ROOT).contains("application/openmetrics-text");
    ExpositionFormatWriter writer = open ? OPEN : TEXT;
    ByteArrayOutputStream out = new ByteArrayOutputStream(32_768);
    try {
      writer.write(out, families.snapshots(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return Page.of(200, writer.getContentType(), out.toByteArray());
  }
}
