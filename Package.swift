// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: Swift 6 mode and the upcoming features that make imports and existentials explicit.
let common: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// `Forest` and `Scoring` decide what happens to a message: strict memory safety, and no warning passes.
let strict: [SwiftSetting] = common + [.strictMemorySafety(), .treatAllWarnings(as: .error)]

let package = Package(
    name: "herald",
    products: [
        .executable(name: "herald", targets: ["herald"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.2.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .systemLibrary(name: "CRabbitMQ", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"])]),
        .systemLibrary(name: "CMongoC", pkgConfig: "libmongoc-1.0", providers: [.apt(["libmongoc-dev"])]),
        .systemLibrary(name: "CXGBoost", providers: [.apt(["libxgboost-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CAMQPShim", dependencies: ["CRabbitMQ"], linkerSettings: [.linkedLibrary("rabbitmq")]),
        .target(name: "CJobJSON", linkerSettings: [.linkedLibrary("simdjson")]),

        .target(name: "CForest"),
        .target(name: "CBench", dependencies: ["CAMQPShim"]),
        .target(name: "Forest", dependencies: ["CForest"], swiftSettings: strict),
        .target(
            name: "Scoring",
            dependencies: [
                "Forest", "CJobJSON", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: strict),
        .target(
            name: "Broker",
            dependencies: ["CAMQPShim", .product(name: "Logging", package: "swift-log")],
            swiftSettings: common),
        .target(name: "Store", dependencies: ["CMongoC", "Scoring"], swiftSettings: common),
        .target(
            name: "Training",
            dependencies: [
                "CXGBoost", "Forest", "Scoring", "Store", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: common),
        .target(name: "World", dependencies: ["Scoring"], swiftSettings: common),
        .target(
            name: "Streaming",
            dependencies: [
                "Scoring", "Broker", "Store",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: common),
        .target(name: "Monitoring", dependencies: ["Scoring", "Store"], swiftSettings: common),
        .target(
            name: "Sidecar",
            dependencies: [
                "CZlib", "Scoring", "Broker", "Store", "Streaming", "Monitoring",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            resources: [.embedInCode("OpenAPI/openapi.json")],
            swiftSettings: common),
        .executableTarget(
            name: "herald",
            dependencies: [
                "Forest", "Scoring", "Broker", "Store", "Training", "World", "Streaming", "Monitoring", "Sidecar",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: common),

        .executableTarget(
            name: "herald-bench",
            dependencies: [
                "Broker", "CBench", "CXGBoost", "Forest", "Scoring", "Sidecar", "Store", "Streaming", "World",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: common),

        .target(name: "Faults", dependencies: ["Broker", "CAMQPShim"], swiftSettings: common),
        .executableTarget(
            name: "herald-chaos",
            dependencies: [
                "Broker", "Faults", "Scoring", "Store", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: common),

        .testTarget(name: "heraldBenchTests", dependencies: ["herald", "herald-bench"], swiftSettings: common),
        .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
        .testTarget(
            name: "ForestTests", dependencies: ["CAllocationCount", "Forest"], resources: [.copy("Fixtures")], swiftSettings: common),
        .testTarget(name: "ScoringTests", dependencies: ["Scoring", "Forest"], swiftSettings: common),
        .testTarget(
            name: "BrokerTests",
            dependencies: ["Broker", "CAMQPShim", "Faults", .product(name: "Logging", package: "swift-log")],
            swiftSettings: common),
        .testTarget(name: "StoreTests", dependencies: ["Store", "Scoring"], swiftSettings: common),
        .testTarget(name: "TrainingTests", dependencies: ["Training", "Forest", "Scoring", "Store", "World"], swiftSettings: common),
        .testTarget(name: "WorldTests", dependencies: ["World", "Scoring"], swiftSettings: common),
        .testTarget(
            name: "StreamingTests",
            dependencies: ["Streaming", "Broker", "Scoring", "Store", .product(name: "Logging", package: "swift-log")],
            swiftSettings: common),
        .testTarget(name: "MonitoringTests", dependencies: ["Monitoring", "Scoring", "Store"], swiftSettings: common),
        .testTarget(
            name: "SidecarTests",
            dependencies: [
                "Broker", "Sidecar", "Monitoring", "Scoring", "Store", "Streaming",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"), .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: common),
        .testTarget(name: "heraldTests", dependencies: ["herald", "Scoring", "Store", "Training"], swiftSettings: common),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "Scoring", "Broker", "Store", "Streaming", "World", "Sidecar", .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: common),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
