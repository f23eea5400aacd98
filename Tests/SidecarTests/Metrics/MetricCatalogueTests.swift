import Sidecar
import Testing

@Suite struct MetricCatalogueTests {
    @Test func namesFollowTheConventions() {
        #expect(Set(MetricCatalogue.all.map(\.name)).count == MetricCatalogue.all.count)
        for description in MetricCatalogue.all {
            #expect(description.name.hasPrefix("herald_") && description.help.hasSuffix("."), "\(description.name)")
            #expect((description.kind == .counter) == description.name.hasSuffix("_total"), "\(description.name)")
            #expect((description.kind == .info) == description.name.hasSuffix("_info"), "\(description.name)")
            #expect((description.kind == .histogram) == !description.buckets.isEmpty, "\(description.name)")
        }
    }
}
