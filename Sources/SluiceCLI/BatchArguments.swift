public import ArgumentParser
public import Batch

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension Trust: ExpressibleByArgument {}

extension JobRecord: ExpressibleByArgument {
    /// Reads the object that a batch gives its jobs along.
    public init?(argument: String) {
        guard let record = try? JSONDecoder().decode(JobRecord.self, from: Data(argument.utf8)) else { return nil }
        self = record
    }
}
