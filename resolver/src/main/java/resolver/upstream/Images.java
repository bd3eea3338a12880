package resolver.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import resolver.wire.ResponseImage;

/** From images of responses back to dnsjava's messages. */
final class Images {
  private Images() {}

  /**
   * A message with a question, in whatever spelling, and the records of an image, their TTLs
   * counted down.
   *
   * @param age in seconds
   */
  static Message message(Record question, ResponseImage image, int age) throws IOException {
    Message bare = new Message(0);
    bare.addRecord(question, Section.QUESTION);
    byte[] start = bare.toWire();
    ByteBuf whole = Unpooled.buffer(start.length + image.length());
    whole.writeBytes(start);
    whole.setShort(6, image.answers());
    whole.setShort(8, image.authorities());
    whole.setShort(10, image.additionals());
    image.writeTo(whole, age);
    byte[] octets = new byte[whole.readableBytes()];
    whole.readBytes(octets);
    return new Message(octets);
  }
}
