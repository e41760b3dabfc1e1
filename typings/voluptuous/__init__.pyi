# Home Assistant makes probatio answer to the name voluptuous; so do the types.
from probatio import (
    ALLOW_EXTRA as ALLOW_EXTRA,
    All as All,
    Any as Any,
    Coerce as Coerce,
    In as In,
    Invalid as Invalid,
    Length as Length,
    Marker as Marker,
    Optional as Optional,
    Range as Range,
    Required as Required,
    Schema as Schema,
)
