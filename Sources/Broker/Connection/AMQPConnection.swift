import CAMQPShim

/// An open connection with one channel, owned by one thread.
///
/// Closing is explicit (`close`, which tells the broker); letting it go out of scope drops the socket.
struct AMQPConnection: ~Copyable {
    /// Deadlines and limits of every connection; each value has its reason in the measurements the design refers to.
    enum Limits {
        static let heartbeatSeconds: Int32 = 10
        static let connectTimeoutSeconds: Int32 = 5
        static let rpcTimeoutSeconds: Int32 = 10
        static let userTimeoutMilliseconds: Int32 = 20_000
        /// Longest wait of a thread: heartbeats are looked after at least this often.
        static let tickNanoseconds: Int64 = 1_000_000_000
        static let eventCapacity = 256
    }

    let handle: OpaquePointer
    private let events: UnsafeMutablePointer<camqp_event>

    /// Connects, logs in and opens a channel.
    ///
    /// - Parameters:
    ///   - name: Shown by the broker's tools.
    ///   - headers: Names of the headers to keep of incoming messages, at most 16.
    ///   - bodyLimit: Bytes; a longer body is cut to `oversizedPrefix`.
    ///   - keepsProperties: Whether events carry all properties of a message, encoded.
    ///   - heartbeatSeconds: The broker drops a connection that is silent for twice that.
    init(
        _ url: BrokerURL, name: String, headers: [String] = [], bodyLimit: Int = 1024 * 1024, oversizedPrefix: Int = 65_536,
        keepsProperties: Bool = false, heartbeatSeconds: Int32 = Limits.heartbeatSeconds
    ) throws(BrokerError) {
        var intake = camqp_intake()
        intake.body_limit = UInt64(bodyLimit)
        intake.oversized_prefix = UInt64(oversizedPrefix)
        intake.keep_properties = keepsProperties
        handle = try Self.open(url, name: name, headers: headers, intake: &intake, heartbeatSeconds: heartbeatSeconds)
        events = .allocate(capacity: Limits.eventCapacity)
    }

    deinit {
        CallWatchdog.shared.remove(handle)
        camqp_destroy(handle)
        events.deallocate()
    }

    /// The error behind the last call that failed.
    func error(_ doing: String) -> BrokerError {
        Self.lastError(handle, doing: doing)
    }

    /// Throws if `status`, the result of a shim function on this connection, is a failure.
    func check(_ status: Int32, _ doing: @autoclosure () -> String) throws(BrokerError) {
        guard status == 0 else { throw error(doing()) }
    }

    /// Reads events without waiting, at most `limit` (up to 256) and until the arena holds `arenaBudget` bytes.
    ///
    /// - Returns: How many; `event` tells them, until the next read.
    func read(limit: Int = Limits.eventCapacity, arenaBudget: Int = .max) throws(BrokerError) -> Int {
        let count = camqp_read(handle, events, Int32(min(limit, Limits.eventCapacity)), arenaBudget)
        guard count >= 0 else { throw error("reading from the broker") }
        return Int(count)
    }

    /// An event of the last read.
    func event(_ index: Int) -> UnsafePointer<camqp_event> {
        UnsafePointer(events + index)
    }

    /// The text in a slice of the shim's current arena.
    func text(_ slice: camqp_slice) -> String? {
        guard slice.offset != .max, let base = camqp_arena_bytes(handle) else { return slice.offset == .max ? nil : "" }
        return String(decoding: UnsafeBufferPointer(start: base + Int(slice.offset), count: Int(slice.length)), as: UTF8.self)
    }

    /// A copy of the bytes in a slice of the shim's current arena; none where it is absent.
    func bytes(_ slice: camqp_slice) -> [UInt8] {
        guard slice.offset != .max, slice.length > 0, let base = camqp_arena_bytes(handle) else { return [] }
        return Array(UnsafeBufferPointer(start: base + Int(slice.offset), count: Int(slice.length)))
    }

    /// Bounds what the broker sends ahead of acknowledgements, from the next consumer on.
    func setPrefetch(_ count: Int, of queue: String) throws(BrokerError) {
        try check(camqp_qos(handle, UInt16(count)), "setting the prefetch of '\(queue)'")
    }

    /// Sends what is buffered and says good-bye to the broker.
    func close() throws(BrokerError) {
        try check(camqp_close(handle), "closing the connection")
    }

    private static func open(
        _ url: BrokerURL, name: String, headers: [String], intake: inout camqp_intake, heartbeatSeconds: Int32
    ) throws(BrokerError) -> OpaquePointer {
        guard let handle = create(&intake, headers: headers[...], index: 0) else {
            throw BrokerError(.outOfMemory, doing: "connecting to \(url)", text: "no memory for a connection")
        }
        do throws(BrokerError) {
            try CallWatchdog.shared.add(handle)
            guard connect(handle, url, name: name, heartbeatSeconds: heartbeatSeconds) == 0 else {
                throw lastError(handle, doing: "connecting to \(url)")
            }
        } catch {
            CallWatchdog.shared.remove(handle)
            camqp_destroy(handle)
            throw error
        }
        return handle
    }

    /// Header names must live as C strings during the call.
    private static func create(_ intake: inout camqp_intake, headers: ArraySlice<String>, index: Int32) -> OpaquePointer? {
        guard let name = headers.first, index < Int32(CAMQP_WANTED_HEADERS) else { return camqp_create(&intake) }
        return name.withCString { text in
            camqp_want_header(&intake, index, text)
            return create(&intake, headers: headers.dropFirst(), index: index + 1)
        }
    }

    private static func connect(_ handle: OpaquePointer, _ url: BrokerURL, name: String, heartbeatSeconds: Int32) -> Int32 {
        url.host.withCString { host in
            url.virtualHost.withCString { virtualHost in
                url.user.withCString { user in
                    url.password.withCString { password in
                        url.authorityFile.withCString { authorityFile in
                            name.withCString { name in
                                var options = camqp_options()
                                options.host = host
                                options.port = Int32(url.port)
                                options.virtual_host = virtualHost
                                options.user = user
                                options.password = password
                                options.tls = url.usesTLS
                                options.ca_file = authorityFile
                                options.connection_name = name
                                options.heartbeat_seconds = heartbeatSeconds
                                options.connect_timeout_seconds = Limits.connectTimeoutSeconds
                                options.rpc_timeout_seconds = Limits.rpcTimeoutSeconds
                                options.user_timeout_milliseconds = Limits.userTimeoutMilliseconds
                                return camqp_connect(handle, &options)
                            }
                        }
                    }
                }
            }
        }
    }

    private static func lastError(_ handle: OpaquePointer, doing: String) -> BrokerError {
        guard let failure = camqp_last_failure(handle) else {
            return BrokerError(.connectionLost, doing: doing, text: "unknown failure")
        }
        return BrokerError(failure: failure, doing: doing)
    }
}
