/// The beginning of Linux' `struct tcp_info` (linux/tcp.h), up to `tcpi_bytes_acked`, which the C library's header leaves out.
struct TCPInfo: Sendable {
    /// 8 fields of one byte, 24 of four, 2 of eight.
    private var rest:
        (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)
    /// Bytes that the peer's system has taken since the connection began; since Linux 4.1.
    var bytesAcknowledged: UInt64
}
