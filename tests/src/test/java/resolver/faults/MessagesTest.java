package resolver.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class MessagesTest {
  private static final byte[] TWO_MESSAGES = {0, 2, 9, 9, 0, 3, 8, 8, 8};
  private static final byte[] TWO_RECORDS = {22, 3, 1, 0, 2, 9, 9, 23, 3, 3, 0, 1, 8};

  @Test
  void messagesAreCountedHoweverTheyAreCut() {
    for (int cut = 0; cut <= TWO_MESSAGES.length; cut++) {
      Messages messages = new Messages();
      int first = messages.read(part(TWO_MESSAGES, 0, cut), 1);
      int rest = messages.read(part(TWO_MESSAGES, cut, TWO_MESSAGES.length), 1);

      assertThat(messages.begun()).isEqualTo(2);
      assertThat(first + rest).as("cut at %d", cut).isEqualTo(4);
    }
  }

  @Test
  void recordsOfTlsAreCountedAsMessages() {
    Messages messages = new Messages();

    assertThat(messages.read(part(TWO_RECORDS, 0, TWO_RECORDS.length), 1)).isEqualTo(7);
    assertThat(messages.begun()).isEqualTo(2);
  }

  @Test
  void noneBelongsToNothing() {
    assertThat(new Messages().read(part(TWO_MESSAGES, 0, 9), 0)).isZero();
  }

  private static ByteBuf part(byte[] octets, int from, int to) {
    return Unpooled.wrappedBuffer(octets, from, to - from);
  }
}
