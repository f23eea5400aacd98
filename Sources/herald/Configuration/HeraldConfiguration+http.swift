import Foundation
import NIOSSL
import Sidecar

extension HeraldConfiguration {
    /// The sidecar's listener.
    ///
    /// - Throws: `ConfigurationError` naming the key, also where an address beyond this machine lacks tokens or TLS.
    func sidecar() throws -> SidecarConfiguration {
        var sidecar = SidecarConfiguration()
        sidecar.host = http.host
        sidecar.port = http.port
        sidecar.healthPort = http.healthPort
        sidecar.tokens = try tokens()
        sidecar.tls = try tlsConfiguration()
        sidecar.allowedOrigins = http.allowedOrigins
        sidecar.dashboardFolder = http.dashboardFolder.isEmpty ? nil : http.dashboardFolder
        sidecar.requestsInFlight = http.requestsInFlight
        sidecar.connections = http.connections
        sidecar.connectionsPerAddress = http.connectionsPerAddress
        guard !sidecar.isLoopback else { return sidecar }
        guard sidecar.tokens != nil else {
            throw ConfigurationError(
                "http.host \(http.host) can be reached from other machines: set http.token-file (`herald token` makes tokens)")
        }
        guard sidecar.tls != nil || http.allowsPlaintext else {
            throw ConfigurationError(
                "http.host \(http.host) can be reached from other machines: set http.tls-certificate-file and http.tls-key-file, "
                    + "or http.allow-plaintext behind a proxy that has TLS")
        }
        return sidecar
    }

    private func tokens() throws -> [Token]? {
        guard !http.tokenFile.isEmpty else { return nil }
        guard let data = FileManager.default.contents(atPath: http.tokenFile), let text = String(data: data, encoding: .utf8) else {
            throw ConfigurationError("http.token-file: cannot read '\(http.tokenFile)'")
        }
        do {
            return try TokenFile(text).tokens
        } catch {
            throw ConfigurationError("http.token-file: '\(http.tokenFile)', \(error)")
        }
    }

    private func tlsConfiguration() throws -> TLSConfiguration? {
        guard !http.certificateFile.isEmpty else { return nil }
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(http.certificateFile)
        } catch {
            throw ConfigurationError("http.tls-certificate-file: '\(http.certificateFile)' holds no certificate in PEM: \(error)")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: http.keyFile, format: .pem)
        } catch {
            throw ConfigurationError("http.tls-key-file: '\(http.keyFile)' holds no private key in PEM: \(error)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }
}
