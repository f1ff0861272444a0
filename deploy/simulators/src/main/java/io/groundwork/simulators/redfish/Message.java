package io.groundwork.simulators.redfish;

/** The messages of the Base registry that are used; {@code %1} and so on stand for the arguments. */
enum Message {
    SUCCESS("Success", "The request completed successfully."),
    INTERNAL_ERROR(
            "InternalError", "The request failed due to an internal service error.  The service is still operational."),
    SERVICE_TEMPORARILY_UNAVAILABLE(
            "ServiceTemporarilyUnavailable", "The service is temporarily unavailable.  Retry in %1 seconds."),
    SESSION_LIMIT_EXCEEDED(
            "SessionLimitExceeded",
            "The session establishment failed due to the number of simultaneous sessions exceeding the limit of the"
                    + " implementation."),
    NO_VALID_SESSION("NoValidSession", "There is no valid session established with the implementation."),
    RESOURCE_MISSING_AT_URI("ResourceMissingAtURI", "The resource at the URI '%1' was not found."),
    OPERATION_NOT_ALLOWED("OperationNotAllowed", "The HTTP method is not allowed on this resource."),
    MALFORMED_JSON("MalformedJSON", "The request body submitted was malformed JSON and could not be parsed."),
    HEADER_INVALID("HeaderInvalid", "The header '%1' is invalid."),
    PRECONDITION_FAILED(
            "PreconditionFailed", "The ETag supplied did not match the ETag required to change this resource."),
    PRECONDITION_REQUIRED(
            "PreconditionRequired", "A precondition header or annotation is required to change this resource."),
    QUERY_PARAMETER_UNSUPPORTED("QueryParameterUnsupported", "Query parameter '%1' is not supported."),
    QUERY_PARAMETER_VALUE_FORMAT_ERROR(
            "QueryParameterValueFormatError",
            "The value '%1' for the parameter %2 is of a different format than the parameter can accept."),
    PROPERTY_UNKNOWN("PropertyUnknown", "The property '%1' is not in the list of valid properties for the resource."),
    PROPERTY_NOT_WRITABLE(
            "PropertyNotWritable", "The property '%1' is a read-only property and cannot be assigned a value."),
    PROPERTY_MISSING(
            "PropertyMissing", "The property '%1' is a required property and must be included in the request."),
    PROPERTY_VALUE_TYPE_ERROR(
            "PropertyValueTypeError",
            "The value '%1' for the property %2 is of a different type than the property can accept."),
    PROPERTY_VALUE_NOT_IN_LIST(
            "PropertyValueNotInList", "The value '%1' for the property %2 is not in the list of acceptable values."),
    ACTION_PARAMETER_MISSING(
            "ActionParameterMissing", "The action '%1' requires the parameter '%2' to be present in the request body."),
    ACTION_PARAMETER_UNKNOWN(
            "ActionParameterUnknown", "The action '%1' was submitted with the invalid parameter '%2'."),
    ACTION_PARAMETER_VALUE_TYPE_ERROR(
            "ActionParameterValueTypeError",
            "The value '%1' for the parameter %2 in the action %3 is of a different type than the parameter can accept."),
    ACTION_PARAMETER_VALUE_NOT_IN_LIST(
            "ActionParameterValueNotInList",
            "The value '%1' for the parameter %2 in the action %3 is not in the list of acceptable values."),
    RESOURCE_IN_USE("ResourceInUse", "The change to the requested resource failed because the resource is in use."),
    OPERATION_FAILED("OperationFailed", "An error occurred internal to the service as part of the overall request.");

    private final String id;
    private final String text;

    Message(String id, String text) {
        this.id = id;
        this.text = text;
    }

    String id() {
        return "Base.1.18." + id;
    }

    /** Without the registry. */
    String shortId() {
        return id;
    }

    String text(Object... arguments) {
        var filled = text;
        for (var i = arguments.length; i > 0; i--) {
            filled = filled.replace("%" + i, String.valueOf(arguments[i - 1]));
        }
        return filled;
    }
}
