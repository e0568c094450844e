internal import SystemPackage

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// JSON as it comes from files and children.
enum JSONFile {
    /// The largest file that is read: a receipt has a few thousand bytes.
    private static let limit = 1 << 20

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }

    /// What a small file holds; `nil` if it is not there, or holds something else.
    static func read<Value: Decodable>(_ type: Value.Type, from path: FilePath) -> Value? {
        guard let file = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) else { return nil }
        defer { try? file.close() }
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            let piece = file.available(upTo: 1 << 16)
            guard !piece.isEmpty else { return try? decode(type, from: bytes) }
            bytes += piece
        }
        return nil
    }
}
