-- For wrk: what-if questions about accounts C000000 to C001999, each of another amount.
local number = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
function request()
  number = number + 1
  local body = string.format('{"user_id":"C%06d","amount":%d,"merchant_id":"M%d"}', number * 7919 % 2000, number % 900 + 1, number % 300)
  return wrk.format(nil, "/api/v1/score", nil, body)
end
