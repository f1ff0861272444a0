/**
 * How machines are made in EC2. {@link io.groundwork.cloud.driver.Ec2Driver} knows what to do next, {@link
 * io.groundwork.cloud.driver.Ec2} is all that it needs of EC2, {@link io.groundwork.cloud.driver.SdkEc2} does it with the AWS
 * SDK.
 */
@NullMarked
package io.groundwork.cloud.driver;

import org.jspecify.annotations.NullMarked;
