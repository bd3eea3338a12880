package resolver.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.util.ReferenceCountUtil;

/**
 * The one handler of a channel: what it does not want ends here.
 *
 * <p>Netty's adapter hands everything on, and marks by annotations what a subclass has left as it
 * is. Java makes classes for annotations while it runs, which by the times of class loading took
 * some 50 of 690 ms of a start on one processor. So the handlers that this answer needs are made of
 * this.
 */
public abstract class LastHandler implements ChannelInboundHandler {
  @Override
  public void handlerAdded(ChannelHandlerContext context) {}

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {}

  @Override
  public void channelRegistered(ChannelHandlerContext context) {}

  @Override
  public void channelUnregistered(ChannelHandlerContext context) {}

  @Override
  public void channelActive(ChannelHandlerContext context) {}

  @Override
  public void channelInactive(ChannelHandlerContext context) {}

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {}

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {}

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    ReferenceCountUtil.release(event);
  }

  @Override
  public abstract void channelRead(ChannelHandlerContext context, Object message);

  @Override
  @SuppressWarnings("deprecation") // It is of handlers that are no inbound handlers.
  public abstract void exceptionCaught(ChannelHandlerContext context, Throwable cause);
}
