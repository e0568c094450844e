internal import CLibYAML

/// What libyaml finds next in a text.
struct YAMLEvent {
    enum Kind {
        case alias(String)
        case scalar(String, isPlain: Bool)
        case sequence, mapping
        /// The end of a list, a mapping or a document.
        case end
        case streamEnd
        /// The start of the stream or of a document.
        case start
    }

    let kind: Kind
    /// The name by which aliases refer to this value.
    let anchor: String?
    let place: ManifestPlace
}

/// Sole owner of a parser of libyaml, and of the text that it reads.
@safe
struct YAMLParser: ~Copyable {
    private let text: String
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    /// A place in the text that aliases were looked up to, and the characters before it. Events come in their order.
    private var cursor: (index: String.UnicodeScalarView.Index, characters: Int)

    /// - Throws: ``ManifestProblem`` if memory is refused.
    init(_ text: String) throws(ManifestProblem) {
        // A byte order mark is not part of the text (YAML 1.2.2, 5.2).
        self.text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        cursor = (self.text.unicodeScalars.startIndex, 0)
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.deallocate()
            throw .noMemory
        }
        // SAFETY: the parser reads from the copy, which stays where it is until the parser is deleted.
        unsafe bytes = .allocate(capacity: self.text.utf8.count)
        _ = unsafe bytes.initialize(from: self.text.utf8)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
        unsafe self.parser = unsafe parser
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe bytes.deallocate()
    }

    /// What comes next in the text.
    mutating func next() throws(ManifestProblem) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw problem }
        defer { unsafe yaml_event_delete(&event) }
        let copy = YAMLEvent(event)
        if case .alias(let name) = copy.kind { try checkEnd(of: name, at: unsafe event.start_mark) }
        return copy
    }

    /// Throws if more than the name follows an asterisk, which libyaml splits at a colon and other characters: `*a:3` is a text
    /// that needs quotes, or another name (YAML 1.2.2, 6.9.2). A colon at the end makes the alias a key.
    private mutating func checkEnd(of name: String, at mark: yaml_mark_t) throws(ManifestProblem) {
        let scalars = text.unicodeScalars
        cursor.index = scalars.index(cursor.index, offsetBy: mark.index - cursor.characters)
        cursor.characters = mark.index
        let written = String(Self.aliasName(scalars[cursor.index...].dropFirst()))
        guard written == name || written == name + ":" else { throw .noAnchor(written, at: ManifestPlace(mark)) }
    }

    /// What is written at the beginning of a text that begins after an asterisk.
    private static func aliasName(_ rest: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        rest.prefix { !$0.properties.isWhitespace && !",[]{}".unicodeScalars.contains($0) }
    }

    /// The parser's message, made readable.
    private var problem: ManifestProblem {
        let state = unsafe parser.pointee
        let problem = unsafe state.problem.map { unsafe String(cString: $0) } ?? ""
        let context = unsafe state.context.map { unsafe String(cString: $0) }
        switch unsafe state.error {
        case YAML_MEMORY_ERROR: return .noMemory
        case YAML_READER_ERROR: return ManifestProblem("it is not YAML: \(problem)", at: .start)
        default:
            if context == "while scanning an alias" { return unsafe noAlias(at: state.context_mark) }
            let message = (context.map { $0 + ": " } ?? "") + problem + Self.hint(problem)
            return ManifestProblem(message, at: ManifestPlace(unsafe state.problem_mark))
        }
    }

    /// An asterisk before what cannot be the name of an anchor, such as a pattern of file names.
    private func noAlias(at mark: yaml_mark_t) -> ManifestProblem {
        let name = Self.aliasName(text.unicodeScalars.dropFirst(mark.index + 1))
        return .noAnchor(String(name), at: ManifestPlace(mark))
    }

    private static func hint(_ problem: String) -> String {
        problem.contains("cannot start any token") ? " (YAML indents by spaces; a tab, @ or ` needs quotes)" : ""
    }
}

extension ManifestProblem {
    /// An alias that refers to nothing, or a value that was not meant to be one.
    static func noAnchor(_ name: String, at place: ManifestPlace) -> ManifestProblem {
        ManifestProblem("no anchor &\(name) before *\(name) (a value that begins with * needs quotes)", at: place)
    }

    fileprivate static var noMemory: ManifestProblem {
        ManifestProblem("not enough memory to read it", at: .start)
    }
}

extension ManifestPlace {
    fileprivate init(_ mark: yaml_mark_t) { self.init(line: mark.line + 1, column: mark.column + 1) }
}

extension YAMLEvent {
    /// A copy of what libyaml has found. Tags are ignored.
    @safe
    fileprivate init(_ event: yaml_event_t) {
        place = ManifestPlace(unsafe event.start_mark)
        let data = unsafe event.data
        switch unsafe event.type {
        case YAML_ALIAS_EVENT:
            (kind, anchor) = (.alias(unsafe Self.name(data.alias.anchor) ?? ""), nil)
        case YAML_SCALAR_EVENT:
            let scalar = unsafe data.scalar
            // SAFETY: the value has `length` bytes, and is copied.
            let text = unsafe String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length),
                as: UTF8.self
            )
            kind = .scalar(text, isPlain: unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE)
            anchor = unsafe Self.name(scalar.anchor)
        case YAML_SEQUENCE_START_EVENT: (kind, anchor) = (.sequence, unsafe Self.name(data.sequence_start.anchor))
        case YAML_MAPPING_START_EVENT: (kind, anchor) = (.mapping, unsafe Self.name(data.mapping_start.anchor))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT, YAML_DOCUMENT_END_EVENT: (kind, anchor) = (.end, nil)
        case YAML_STREAM_END_EVENT: (kind, anchor) = (.streamEnd, nil)
        default: (kind, anchor) = (.start, nil)
        }
    }

    private static func name(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        // SAFETY: libyaml's strings end with a NUL, and are copied.
        unsafe pointer.map { unsafe String(cString: $0) }
    }
}
