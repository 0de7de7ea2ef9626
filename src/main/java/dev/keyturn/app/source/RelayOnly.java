package dev.keyturn.app.source;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A transport whose every connection leads to one port of this machine, whatever address is asked
 * for.
 *
 * <p>In a pod the environment tells the store where the API server is, and no option of it is
 * stronger than that. With this transport its Vert.x reaches nobody but the {@link Relay}.
 *
 * @param port the relay's
 */
record RelayOnly(int port) implements Transport, io.vertx.core.spi.transport.Transport {
  private static io.vertx.core.spi.transport.Transport usual() {
    return Transport.NIO.implementation();
  }

  @Override
  public java.net.SocketAddress convert(SocketAddress asked) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public String name() {
    return "relay";
  }

  @Override
  public boolean available() {
    return true;
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return null;
  }

  @Override
  public io.vertx.core.spi.transport.Transport implementation() {
    return this;
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return usual().ioHandlerFactory();
  }

  @Override
  public DatagramChannel datagramChannel() {
    return usual().datagramChannel();
  }

  @Override
  @SuppressWarnings("deprecation") // The transport's own interface names the type.
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return usual().datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domain) {
    return usual().channelFactory(domain);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domain) {
    return usual().serverChannelFactory(domain);
  }
}
